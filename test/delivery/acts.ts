/** What is done to a release by its tool. Two stories of three acts: the later ones find what the earlier ones left. */
import { valueOf } from '../scale/harness/values.ts';
import type { Stage } from './stage.ts';

export interface Act {
  readonly name: string;
  /** What it edits the service token to: every reader is restarted, once. */
  readonly edited?: string;
  /** All pods are new ones. */
  readonly fresh?: true;
  readonly play: (stage: Stage) => Promise<void>;
}

const edited = valueOf('B');

const install: Act = { name: 'install', fresh: true, play: ({ tool }) => tool.install(0) };

const upgrade: Act = {
  name: 'upgrade ×3',
  async play({ tool }) {
    for (const revision of [1, 2, 3]) await tool.upgrade(revision);
  },
};

const editThenUpgrade: Act = {
  name: 'edit, upgrade',
  edited,
  async play(stage) {
    await stage.release.edit(edited);
    await stage.settled();
    await stage.tool.upgrade(4);
  },
};

const editThenRollback: Act = {
  name: 'edit, rollback',
  edited,
  async play(stage) {
    await stage.tool.upgrade(1);
    await stage.settled();
    await stage.release.edit(edited);
    await stage.settled();
    await stage.tool.rollback(0);
  },
};

const again: Act = {
  name: 'uninstall, install',
  fresh: true,
  async play(stage) {
    await stage.tool.uninstall();
    await stage.gone();
    await stage.tool.install(2);
  },
};

const inTurn: Act = {
  name: 'two tools in turn',
  async play({ tool, other }) {
    for (const revision of [3, 5]) {
      await other.upgrade(revision);
      await tool.upgrade(revision + 1);
    }
  },
};

export const stories: readonly (readonly Act[])[] = [
  [install, upgrade, editThenUpgrade],
  [install, editThenRollback, again, inTurn],
];

/** In the order of the table. */
export const actNames: readonly string[] = [...new Set(stories.flat().map(({ name }) => name))];
