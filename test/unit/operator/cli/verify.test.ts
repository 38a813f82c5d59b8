import { describe, expect, it } from 'vitest';
import { checks } from '../../../../operator/cli/verify/checks.ts';
import type { Evidence } from '../../../../operator/cli/verify/evidence.ts';
import { agent, attested, backend, generation, now, podOf, record, use, value } from '../../../fixtures/given.ts';
import { givenStatus } from './given-status.ts';

const release = {
  name: 'r',
  namespace: 'ns',
  bootstrapSecret: 'r-bootstrap',
  encryptionSecret: 'r-encryption',
  keyringSecret: 'r-keyring',
  rotationConfigMap: 'r-rotation',
  external: false,
  own: true,
  entries: { 'service-token': 'service-token', 'session-secret': 'session-secret', 'encryption-key': 'encryption-key' },
} as const;

const verifier = podOf(backend(), { name: 'backend-1', uid: 'v', addresses: ['10.0.0.1'], startedAt: now - 60_000 });
const presenter = podOf(agent(), { name: 'agent-1', uid: 'p', addresses: ['10.0.0.2'], startedAt: now - 60_000 });
const used = (name: string, address = '10.0.0.2') => ({ ...use(name, 'x'), sources: [{ address, count: 1, lastUsedAt: new Date(now).toISOString() }] });

function given(change: Partial<Evidence> = {}): Evidence {
  const secret = {
    metadata: { name: 'r-bootstrap', uid: 's', resourceVersion: '10' },
    data: { 'service-token': Buffer.from(value('new')).toString('base64') },
  };
  return {
    release,
    status: givenStatus(),
    sources: { bootstrap: secret },
    keyring: { keys: { 'service-token': record(['new']) }, history: [] },
    workloads: [backend(), agent()],
    pods: [verifier, presenter],
    answers: new Map([['v', attested({ accepted: ['new'], unnamed: 0, uses: [used('new')], refused: [] })]]),
    ...change,
  };
}

const findings = (change: Partial<Evidence> = {}): string[] => Object.values(checks).flatMap((check) => check(given(change)));
const answering = (change: Parameters<typeof attested>[0]) => ({ answers: new Map([['v', attested({ accepted: ['new'], unnamed: 0, uses: [used('new')], refused: [], ...change })]]) });

describe('verify', () => {
  it('finds nothing where everything holds what it should', () => expect(findings()).toEqual([]));

  it.each<[string, Partial<Evidence>, string]>([
    ['a rotation that is under way', { status: givenStatus({ phase: 'Proving' }) }, 'the phase is Proving'],
    ['a Secret whose value is not the target', { keyring: { keys: { 'service-token': record(['other']) }, history: [] } }, 'service-token is not the target other'],
    ['a keyring that is gone', { keyring: undefined }, 'r-keyring is missing'],
    ['a source Secret that is gone', { sources: {} }, 'the bootstrap Secret is missing'],
    ['no verifier that is ready', { pods: [{ ...verifier, ready: false }, presenter] }, 'no verifier is ready'],
    ['a verifier that does not answer', { answers: new Map([['v', { failure: 'status 503' }]]) }, 'verifier pod backend-1 did not answer: status 503'],
    ['a verifier without the target', answering({ accepted: [] }), 'backend-1 does not accept generation new'],
    ['a verifier that accepts more', answering({ accepted: ['old', 'new'] }), 'backend-1 accepts generation old, which the keyring does not'],
    ['a verifier with values that have no name', answering({ unnamed: 1 }), 'backend-1 accepts 1 values that the keyring has no name for'],
    ['a presenter with an older value', answering({ uses: [used('new'), used('old')] }), 'pod agent-1 uses generation old instead of new'],
    ['a presenter that nobody has seen', answering({ uses: [used('new', '10.0.0.9')] }), 'pod agent-1 has not used generation new'],
    [
      'a presenter that is refused',
      answering({ refused: [{ reason: 'retired', address: '10.0.0.2', count: 3, lastRefusedAt: new Date(now).toISOString() }] }),
      'pod agent-1 was refused 3 times (retired)',
    ],
    [
      'a pod from before the target that does not carry it',
      {
        keyring: { keys: { 'service-token': record(['new'], { accepted: [generation('new', { recordedAt: new Date(now).toISOString() })] }) }, history: [] },
        pods: [{ ...verifier, stamps: { 'service-token': 'new' } }, { ...presenter, stamps: {} }],
      },
      'pod agent-1 (DaemonSet/agent) started before generation new',
    ],
  ])('names %s', (_what, change, finding) => {
    expect(findings(change).join('\n')).toContain(finding);
  });

  it('asks for no stamp of pods that started after the target was recorded, nor of an adopted one', () => {
    const recordedAt = new Date(now).toISOString();
    const adopted = record(['new'], { accepted: [generation('new', { recordedAt, origin: 'adopted' })] });
    expect(findings({ keyring: { keys: { 'service-token': adopted }, history: [] } })).toEqual([]);
  });

  it('says nothing of pods that share an address', () => {
    const neighbour = { ...presenter, name: 'agent-2', uid: 'q' };
    expect(findings({ pods: [verifier, presenter, neighbour], ...answering({ uses: [used('old')] }) })).toEqual([]);
  });
});
