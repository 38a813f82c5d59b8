import { expect, it, onTestFinished } from 'vitest';
import { systemClock, type Clock } from '../../../shared/clock.ts';
import { collectionPath } from '../../../shared/kube/objects.ts';
import { Reflector } from '../../../shared/kube/reflector.ts';
import { soon } from '../../fixtures/soon.ts';
import { collectLog } from '../delivery/collected-log.ts';
import { json, StandInApiServer } from '../agent/stand-in-api-server.ts';

it.each(['86400', '99999999999'])('asks again after a minute or two, however long Retry-After says: %s seconds', async (seconds) => {
  const api = await StandInApiServer.start([]);
  const path = collectionPath('pods');
  api.answers.set(path, () => ({ ...json({ kind: 'Status', code: 503 }, 503), headers: { 'retry-after': seconds } }));
  const pauses: number[] = [];
  const sleep: Clock['sleep'] = (ms, signal) => {
    pauses.push(ms);
    return systemClock.sleep(60_000, signal);
  };
  const reflector = new Reflector({ client: api.client, path, onChange: () => {}, clock: { ...systemClock, sleep }, log: collectLog().log });
  onTestFinished(() => reflector.stop());
  reflector.start();
  await expect.poll(() => pauses, soon).toEqual([60_000]);
});
