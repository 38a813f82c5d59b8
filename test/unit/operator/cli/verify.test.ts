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

const secretOf = (name: string, entry: string, value: string) => ({
  metadata: { name, uid: name, resourceVersion: '10' },
  data: { [entry]: Buffer.from(value).toString('base64') },
});
const bootstrap = secretOf('r-bootstrap', 'service-token', value('new'));
const withEncryption = { bootstrap, encryption: secretOf('r-encryption', 'encryption-key', value('key')) };

function given(change: Partial<Evidence> = {}): Evidence {
  return {
    release,
    status: givenStatus(),
    sources: { bootstrap },
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
    ['a verifier without the target', answering({ accepted: [] }), 'backend-1 does not accept generation new of service-token'],
    ['a verifier that accepts more', answering({ accepted: ['old', 'new'] }), 'backend-1 accepts generation old of service-token, which the keyring does not'],
    ['a verifier with values that have no name', answering({ unnamed: 1 }), 'backend-1 accepts 1 values that the keyring has no name for'],
    ['a presenter with an older value', answering({ uses: [used('new'), used('old')] }), 'pod agent-1 uses generation old instead of new'],
    ['a presenter that nobody has seen', answering({ uses: [used('new', '10.0.0.9')] }), 'pod agent-1 has not used generation new'],
    [
      'a presenter that is refused',
      answering({ refused: [{ reason: 'retired', address: '10.0.0.2', count: 3, lastRefusedAt: new Date(now).toISOString() }] }),
      'pod agent-1 was refused 3 times (retired)',
    ],
    [
      'a presenter that is refused from its start, and so is never ready',
      {
        pods: [verifier, { ...presenter, ready: false, startedAt: undefined, createdAt: now - 60_000 }],
        ...answering({ uses: [], refused: [{ reason: 'unknown', address: '10.0.0.2', count: 3, lastRefusedAt: new Date(now).toISOString() }] }),
      },
      'pod agent-1 was refused 3 times (unknown)',
    ],
    ['a value that nobody has recorded', { sources: withEncryption }, 'the keyring has no record of encryption-key, which is in the encryption Secret'],
    [
      'a verifier that cannot read what is encrypted with the target',
      {
        sources: withEncryption,
        pods: [{ ...verifier, reads: ['service-token', 'encryption-key'] }, presenter],
        keyring: { keys: { 'service-token': record(['new']), 'encryption-key': record(['key']) }, history: [] },
        ...answering({ encryption: { accepted: ['older'], stored: {} } }),
      },
      'backend-1 does not accept generation key of encryption-key\nverifier pod backend-1 accepts generation older of encryption-key',
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
