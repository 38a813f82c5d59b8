/** The chart's values for pods on fake nodes. */
import { onFakeNodes } from '../../testbed/kwok.ts';
import { insideLabel } from '../scale/harness/insides.ts';
import type { Mode } from './modes.ts';

/** Of the volume that waits for the claim of the backend. */
export const storageClassName = 'delivery';

const inside = (app: string) => ({ ...onFakeNodes, podLabels: { app, [insideLabel]: 'true' } });

/** Times in fractions of a second. */
const quick = Object.entries({ DEBOUNCE_SECONDS: '0.2', DEBOUNCE_MAX_SECONDS: '1', SILENCE_SECONDS: '600' });

export const chartValues = (mode: Mode, revision: number): object => ({
  revisionHistoryLimit: 10 + revision,
  terminationGracePeriodSeconds: 1,
  backend: { ...inside('backend'), persistence: { storageClassName } },
  agent: inside('agent'),
  securityScanner: inside('scanner'),
  operator: { ...onFakeNodes, podLabels: { app: 'operator' }, extraEnv: quick.map(([name, value]) => ({ name, value })) },
  ...mode.values,
});
