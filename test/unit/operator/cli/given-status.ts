/** Statuses as the operator writes them, for tests. */
import type { KeyView, RotationStatus, WorkloadView } from '../../../../operator/cli/status-document.ts';

export const now = Date.parse('2026-11-23T12:00:00Z');

export const givenGeneration = (name: string, part: Partial<KeyView['accepted'][number]> = {}): KeyView['accepted'][number] => ({
  name,
  recordedFrom: '10',
  recordedAt: '2026-11-23T10:00:00.000Z',
  origin: 'edited',
  editedBy: 'kubectl-edit',
  ...part,
});

export const givenKey = (part: Partial<KeyView> = {}): KeyView => ({
  phase: 'Stable',
  waitingFor: [],
  target: 'gen-a',
  committed: 'gen-a',
  accepted: [givenGeneration('gen-a')],
  retired: [],
  ...part,
});

/** gen-b is rolled out over gen-a. */
export const rotatingKey = (part: Partial<KeyView> = {}): KeyView =>
  givenKey({
    phase: 'Presenting',
    waitingFor: ['DaemonSet/agent to restart'],
    target: 'gen-b',
    accepted: [givenGeneration('gen-a'), givenGeneration('gen-b', { recordedAt: '2026-11-23T11:59:00.000Z' })],
    ...part,
  });

export const givenWorkload = (workload: string, part: Partial<WorkloadView> = {}): WorkloadView => ({
  workload,
  role: 'presenter',
  reads: ['service-token'],
  old: 0,
  new: 1,
  ready: 1,
  desired: 1,
  holders: [],
  ...part,
});

export const givenStatus = (part: Partial<RotationStatus> = {}): RotationStatus => ({
  phase: 'Stable',
  failures: [],
  waitingFor: [],
  requests: { pause: false },
  keys: { 'service-token': givenKey() },
  workloads: [givenWorkload('Deployment/backend', { role: 'verifier' }), givenWorkload('DaemonSet/agent')],
  otherHolders: [],
  moreHolders: 0,
  history: [],
  sources: { bootstrap: '20', encryption: '' },
  writtenAt: '2026-11-23T11:59:30.000Z',
  ...part,
});
