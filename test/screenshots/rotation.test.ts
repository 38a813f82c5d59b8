/** Pictures of Credentials on the test bed: at rest, in the middle of a rotation, paused, and when it is over. */
import { beforeAll, test } from 'vitest';
import { prepareTestBed } from '../../testbed/demo/cluster-tools.ts';
import { editSecret } from '../../testbed/demo/edit.ts';
import { followRotation } from '../../testbed/demo/follow.ts';
import { liveRelease } from '../e2e/live-release.ts';
import { wayIn } from '../fixtures/way-in.ts';
import { signUp, visit, type Visitor } from '../page/visitor.ts';
import { frames, picture, type Frame } from './frames.ts';

beforeAll(prepareTestBed);
const live = liveRelease('screenshots', ['--set', 'operator.extraWorkloads={deployment/traffic}']);

/** A rotation takes as long as its pods. */
const timeout = 300_000;

/** The last presenter takes so long that every screen comes to show the step, and stays at it for its picture. */
const presentingSeconds = 40;

/** The test bed's machine may be busy with much else. */
const patienceMs = 120_000;

/** A connection ends with the pod that is behind it. */
const cut = /^WebSocket connection|ERR_EMPTY_RESPONSE|ERR_CONNECTION/;

test('a rotation', async () => {
  const url = await wayIn(live.release, 'kure-monitor-backend');
  const admin = await signUp({ url }, { expects: cut, patienceMs });
  const storageState = await admin.page.context().storageState();
  const screens: { visitor: Visitor; frame: Frame }[] = [];
  for (const frame of frames) {
    const visitor = await visit({ url }, { ...frame.options, storageState, expects: cut, patienceMs });
    await visitor.open('/admin/credentials', 'Credentials');
    await visitor.text('No rotation runs').waitFor();
    screens.push({ visitor, frame });
  }
  const pictures = (name: string) => Promise.all(screens.map(({ visitor, frame }) => picture(visitor, name, frame)));
  const secret = ['secret', `${live.release.name}-bootstrap`];
  const rotate = async (): Promise<() => Promise<unknown>> => {
    const { resourceVersion } = await editSecret(live.release, ['service-token']);
    return () => followRotation(live.client, live.release, resourceVersion, () => undefined);
  };
  const shown = (phase: string) => Promise.all(screens.map(({ visitor }) => visitor.page.getByText(phase, { exact: true }).nth(1).waitFor({ timeout })));

  await pictures('credentials-at-rest');
  await (await rotate())();
  await live.release.kubectl(['patch', 'deployment/traffic', '-p', JSON.stringify({ spec: { minReadySeconds: presentingSeconds } })]);
  const over = await rotate();
  await shown('Presenting');
  await pictures('credentials-rotating');
  await live.release.kubectl(['annotate', ...secret, 'bootstrap.kure.io/pause=true']);
  await Promise.all(screens.map(({ visitor }) => visitor.page.getByText('Paused', { exact: true }).first().waitFor({ timeout })));
  await pictures('credentials-paused');
  await live.release.kubectl(['annotate', ...secret, 'bootstrap.kure.io/pause-']);
  await over();
  await Promise.all(screens.map(({ visitor }) => visitor.text('No rotation runs').waitFor({ timeout })));
  await pictures('credentials-afterwards');
});
