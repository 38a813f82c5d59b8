/** A way to deliver the chart: what its users do. */
import type { Connection } from '../../../shared/kube/connect.ts';
import type { Site } from '../site.ts';

export interface Tool {
  install(revision: number): Promise<void>;
  upgrade(revision: number): Promise<void>;
  /** Back to a revision that was delivered before. */
  rollback(revision: number): Promise<void>;
  uninstall(): Promise<void>;
  /** Ends whatever goes on by itself. */
  stop?(): Promise<void>;
}

export type Open = (site: Site, connection: Connection) => Tool;

export interface Way {
  readonly name: string;
  readonly open: Open;
  /** Another tool, for the same release. Only its upgrades are asked for. */
  readonly inTurnWith: Open;
}
