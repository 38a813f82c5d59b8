import { describe, expect, it, vi, type Mock } from 'vitest';
import { askedRestMsOf, execute } from '../../../../operator/act/execute.ts';
import type { Action, Disown, Evict, Stamp, WriteSource } from '../../../../operator/model/action.ts';
import type { KubeClient } from '../../../../shared/kube/client.ts';
import { serializeKeyring } from '../../../../shared/credential/keyring.ts';
import { KubeError, remedyFor } from '../../../../shared/kube/kube-error.ts';
import { encodeEntry, type Secret } from '../../../../shared/kube/objects.ts';
import * as given from '../../../fixtures/given.ts';
import { release } from '../given-release.ts';

const { keyring } = given.keyring({ 'service-token': given.rotating });
const writeKeyring = (resourceVersion?: string): Action => ({ kind: 'WriteKeyring', resourceVersion, keyring, notices: [] });
const writeSource = (change: Partial<WriteSource> = {}): WriteSource => ({
  kind: 'WriteSource',
  source: 'bootstrap',
  resourceVersion: '10',
  values: {},
  consumed: [],
  dropsMark: false,
  identity: undefined,
  notices: [],
  ...change,
});
const stamp = (name: string): Stamp => ({
  kind: 'Stamp',
  workload: { kind: 'DaemonSet', name, uid: `uid-${name}`, resourceVersion: '30' },
  stamps: { 'service-token': 'new', 'session-secret': 'newer' },
  notices: [],
});
const answer = { metadata: { name: 'an answer' } } as Secret;
/** The API server takes the pod template as the patch has it. */
const takenOver: KubeClient['patch'] = (_path, _type, body) => Promise.resolve({ ...answer, spec: (body as { spec?: object }).spec } as never);

async function carriedOut(actions: readonly Action[], how: { readonly patch?: Mock<KubeClient['patch']>; readonly stopping?: AbortController } = {}) {
  const patch = how.patch ?? vi.fn<KubeClient['patch']>(takenOver);
  const create = vi.fn<KubeClient['create']>(() => Promise.resolve(answer as never));
  const wrote = vi.fn<(secret: Secret) => void>();
  const client = { patch, create } as unknown as KubeClient;
  const { signal } = how.stopping ?? new AbortController();
  return { outcomes: await execute(actions, { client, release, wrote }, given.now, signal), patch, create, wrote };
}

const ownLabels = { 'app.kubernetes.io/instance': 'kure', 'app.kubernetes.io/managed-by': 'kure-bootstrap' };
const own = { 'bootstrap.kure.io/operator': 'own' };
const keyringLabels = { ...ownLabels, 'bootstrap.kure.io/secret': 'keyring' };
const document = encodeEntry(serializeKeyring(keyring));
const secrets = '/api/v1/namespaces/monitoring/secrets';

it('writes the keyring only over the version that was judged, and labels it so that it is found', async () => {
  const { patch } = await carriedOut([writeKeyring('20')]);
  const metadata = { resourceVersion: '20', labels: keyringLabels, annotations: own };
  expect(patch.mock.calls).toEqual([[`${secrets}/ring`, 'merge', { metadata, data: { 'keyring.json': document } }]]);
});

it('creates what was not there, so that a second creator is refused', async () => {
  const { create, patch } = await carriedOut([writeKeyring()]);
  expect(patch).not.toHaveBeenCalled();
  const metadata = { name: 'ring', labels: keyringLabels, annotations: own };
  expect(create.mock.calls).toEqual([
    [secrets, { apiVersion: 'v1', kind: 'Secret', type: 'Opaque', metadata, data: { 'keyring.json': document } }],
  ]);
});

it('sets only the keys of a source Secret that it means, under the names that the release gives them', async () => {
  const { patch } = await carriedOut([writeSource({ values: { 'service-token': given.value('back') } })]);
  expect(patch.mock.calls).toEqual([
    [`${secrets}/boot`, 'merge', { metadata: { resourceVersion: '10' }, data: { token: encodeEntry(given.value('back')) } }],
  ]);
});

it('ends requests and the render mark in the write that carries them out', async () => {
  const { patch } = await carriedOut([writeSource({ consumed: ['abort', 'revoke'], dropsMark: true })]);
  const annotations = { 'bootstrap.kure.io/abort': null, 'bootstrap.kure.io/revoke': null, 'bootstrap.kure.io/rendered': null };
  expect(patch.mock.calls).toEqual([[`${secrets}/boot`, 'merge', { metadata: { resourceVersion: '10', annotations } }]]);
});

it('makes a Secret anew as its owner made it, and so that it is found', async () => {
  const identity = { type: 'example.org/tokens', labels: { team: 'blue' }, annotations: { note: 'kept', ...own } };
  const values = { 'encryption-key': 'a key' };
  const { create } = await carriedOut([writeSource({ source: 'encryption', resourceVersion: undefined, identity, values })]);
  const metadata = { name: 'crypt', labels: { team: 'blue', 'bootstrap.kure.io/secret': 'encryption' }, annotations: { note: 'kept', ...own } };
  expect(create.mock.calls[0]?.[1]).toEqual({
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'example.org/tokens',
    metadata,
    data: { 'encryption-key': encodeEntry('a key') },
  });
});

it('makes a Secret that nobody ever saw with the labels of the release', async () => {
  const { create } = await carriedOut([writeSource({ resourceVersion: undefined, values: { 'service-token': 'a' } })]);
  const metadata = { name: 'boot', labels: { ...ownLabels, 'bootstrap.kure.io/secret': 'bootstrap' }, annotations: {} };
  expect(create.mock.calls[0]?.[1]).toMatchObject({ type: 'Opaque', metadata });
});

describe('a Secret that is there although none was seen', () => {
  const taken = new KubeError('POST /x: 409 secrets "boot" already exists', 409, 'AlreadyExists');
  const creating = async (own: boolean, labels: Secret['metadata']['labels']) => {
    const client = {
      create: () => Promise.reject(taken),
      get: vi.fn<KubeClient['get']>(() => Promise.resolve({ items: [{ metadata: { name: 'boot', ...(labels && { labels }) } }] } as never)),
    };
    const target = { client: client as unknown as KubeClient, release: { ...release, own }, wrote: () => {} };
    const [outcome] = await execute([writeSource({ resourceVersion: undefined, values: { 'service-token': 'a' } })], target, given.now, new AbortController().signal);
    return { error: outcome?.error as Error, get: client.get };
  };

  it('lacks the label that one of cluster scope finds it by: how to give it back is said, and it is not tried twice a second', async () => {
    const { error, get } = await creating(false, undefined);
    expect(get.mock.calls[0]?.slice(0, 2)).toEqual([secrets, { fieldSelector: 'metadata.name=boot' }]);
    expect(error.message).toBe(
      'the Secret boot has no label bootstrap.kure.io/secret, by which it is found: kubectl label --overwrite secret boot -n monitoring bootstrap.kure.io/secret=bootstrap',
    );
    expect(remedyFor(error)).toBe('refused');
  });

  it('was made by somebody else at the same moment: the watch will show it', async () => {
    expect((await creating(false, { 'bootstrap.kure.io/secret': 'bootstrap' })).error).toBe(taken);
    const { error, get } = await creating(true, undefined);
    expect(error).toBe(taken);
    expect(get).not.toHaveBeenCalled();
  });
});

it('gives values back to their owner only over the version that was judged', async () => {
  const cleaned = [{ manager: 'helm' }];
  const action: Disown = { kind: 'Disown', source: 'bootstrap', resourceVersion: '10', ownership: { managers: ['kubectl-edit'], cleaned }, notices: [] };
  const { patch } = await carriedOut([action]);
  expect(patch.mock.calls).toEqual([
    [
      `${secrets}/boot`,
      'json',
      [
        { op: 'replace', path: '/metadata/resourceVersion', value: '10' },
        { op: 'replace', path: '/metadata/managedFields', value: cleaned },
      ],
    ],
  ]);
});

it('hands over the answer to each write of a Secret, so that the next pass knows it', async () => {
  const { wrote } = await carriedOut([writeKeyring('20'), writeKeyring(), writeSource({ dropsMark: true }), stamp('agent')]);
  expect(wrote.mock.calls).toEqual([[answer], [answer], [answer]]);
});

it('evicts only the very pod that was judged', async () => {
  const action: Evict = { kind: 'Evict', pod: { name: 'agent-0', uid: 'uid-0' }, notices: [] };
  const { create } = await carriedOut([action]);
  expect(create.mock.calls).toEqual([
    ['/api/v1/namespaces/monitoring/pods/agent-0/eviction', expect.objectContaining({ deleteOptions: { preconditions: { uid: 'uid-0' } } })],
  ]);
});

it('restarts as kubectl does, with all stamps in one patch over the version that was judged', async () => {
  const { patch } = await carriedOut([stamp('agent')]);
  const annotations = {
    'bootstrap.kure.io/service-token': 'new',
    'bootstrap.kure.io/session-secret': 'newer',
    'kubectl.kubernetes.io/restartedAt': given.at(0),
  };
  expect(patch.mock.calls).toEqual([
    [
      '/apis/apps/v1/namespaces/monitoring/daemonsets/agent',
      'merge',
      { metadata: { resourceVersion: '30' }, spec: { template: { metadata: { annotations } } } },
    ],
  ]);
});

it('leaves the time as it is where the workload was restarted for the stamp already, and lacks it all the same', async () => {
  const { patch } = await carriedOut([{ ...stamp('agent'), isRepeated: true }]);
  const annotations = { 'bootstrap.kure.io/service-token': 'new', 'bootstrap.kure.io/session-secret': 'newer' };
  expect(patch.mock.calls[0]?.[2]).toEqual({ metadata: { resourceVersion: '30' }, spec: { template: { metadata: { annotations } } } });
});

it('says which stamp was taken away on the way in, as by an admission webhook, and that a person must see to it', async () => {
  const annotations = { 'bootstrap.kure.io/service-token': 'new' };
  const patch = vi.fn<KubeClient['patch']>(() => Promise.resolve({ ...answer, spec: { template: { metadata: { annotations } } } } as never));
  const error = (await carriedOut([stamp('agent')], { patch })).outcomes[0]?.error;
  expect((error as Error).message).toBe(
    'DaemonSet/agent: the annotation bootstrap.kure.io/session-secret of the pod template was taken away as it was written: have the admission webhook that changes the workload let it through',
  );
  expect(remedyFor(error)).toBe('refused');
});

it('goes on after a failure and says which action failed', async () => {
  const error = new Error('conflict');
  const patch = vi.fn<KubeClient['patch']>(takenOver).mockRejectedValueOnce(error);
  const actions = [writeKeyring('20'), stamp('scanner')];
  expect((await carriedOut(actions, { patch })).outcomes).toEqual([{ action: actions[0], error }, { action: actions[1] }]);
});

it('restarts workloads side by side, and only after what was to be written before', async () => {
  const open: string[] = [];
  const inFlight: number[] = [];
  const patch = vi.fn<KubeClient['patch']>(async (path, ...rest) => {
    open.push(path);
    inFlight.push(open.length);
    await new Promise(setImmediate);
    open.splice(open.indexOf(path), 1);
    return takenOver(path, ...rest) as never;
  });
  await carriedOut([writeKeyring('20'), stamp('agent'), stamp('scanner'), writeKeyring('21')], { patch });
  expect(inFlight).toEqual([1, 1, 2, 1]);
});

it('writes nothing more once it is told to stop', async () => {
  const stopping = new AbortController();
  const patch = vi.fn<KubeClient['patch']>(() => {
    stopping.abort();
    return Promise.resolve(answer as never);
  });
  const actions = [writeKeyring('20'), stamp('scanner')];
  const { outcomes } = await carriedOut(actions, { patch, stopping });
  expect(outcomes).toEqual([{ action: actions[0] }]);
  expect(patch).toHaveBeenCalledTimes(1);
});

it('never carries out a fresh read: that is the loop’s', async () => {
  const { outcomes, patch, create } = await carriedOut([{ kind: 'Reread' }]);
  expect(outcomes[0]?.error).toBeInstanceOf(Error);
  expect(patch.mock.calls.length + create.mock.calls.length).toBe(0);
});

const busy = (retryAfterMs: number) => new KubeError('PATCH /x: 429', 429, 'TooManyRequests', retryAfterMs);

it('leaves a busy API server alone for as long as it asks, but not for a disruption budget', () => {
  const evict: Evict = { kind: 'Evict', pod: { name: 'agent-0', uid: 'uid-agent-0' }, notices: [] };
  const outcomes = [{ action: stamp('agent') }, { action: stamp('agent'), error: new Error('away') }, { action: evict, error: busy(10_000) }];
  expect(askedRestMsOf(outcomes)).toBe(0);
  expect(askedRestMsOf([...outcomes, { action: stamp('agent'), error: busy(7_000) }, { action: stamp('agent'), error: busy(3_000) }])).toBe(7_000);
});
