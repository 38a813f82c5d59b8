import { expect, it, vi } from 'vitest';
import { execute } from '../../../../operator/act/execute.ts';
import type { Action, Stamp } from '../../../../operator/model/action.ts';
import type { KubeClient } from '../../../../shared/kube/client.ts';
import { serializeKeyring } from '../../../../shared/credential/keyring.ts';
import { encodeEntry } from '../../../../shared/kube/objects.ts';
import * as given from '../../../fixtures/given.ts';

const { keyring } = given.keyring({ 'service-token': given.rotating });
const writeKeyring = (resourceVersion?: string): Action => ({ kind: 'WriteKeyring', resourceVersion, keyring, notices: [] });
const stamp = (name: string): Stamp => ({
  kind: 'Stamp',
  workload: { kind: 'DaemonSet', name, resourceVersion: '30' },
  stamps: { 'service-token': 'new', 'session-secret': 'newer' },
  notices: [],
});

async function carriedOut(actions: readonly Action[], patch = vi.fn<KubeClient['patch']>(), stopping = new AbortController()) {
  const create = vi.fn<KubeClient['create']>();
  const client = { patch, create } as unknown as KubeClient;
  const targets = { client, namespace: 'monitoring', release: 'kure', bootstrapSecret: 'boot', keyringSecret: 'ring' };
  return { outcomes: await execute(actions, targets, given.now, stopping.signal), patch, create };
}

const document = encodeEntry(serializeKeyring(keyring));

it('writes the keyring only over the version that was judged', async () => {
  const { patch } = await carriedOut([writeKeyring('20')]);
  expect(patch.mock.calls).toEqual([
    ['/api/v1/namespaces/monitoring/secrets/ring', 'merge', { metadata: { resourceVersion: '20' }, data: { 'keyring.json': document } }],
  ]);
});

it('creates what was not there, so that a second creator is refused', async () => {
  const { create, patch } = await carriedOut([writeKeyring()]);
  expect(patch).not.toHaveBeenCalled();
  expect(create).toHaveBeenCalledWith(
    '/api/v1/namespaces/monitoring/secrets',
    expect.objectContaining({ kind: 'Secret', metadata: expect.objectContaining({ name: 'ring' }), data: { 'keyring.json': document } }),
  );
});

it('sets only the keys of the bootstrap Secret that it means', async () => {
  const values = { 'service-token': given.value('back') };
  const { patch } = await carriedOut([{ kind: 'WriteBootstrap', resourceVersion: '10', values, identity: undefined, notices: [] }]);
  expect(patch.mock.calls[0]).toEqual([
    '/api/v1/namespaces/monitoring/secrets/boot',
    'merge',
    { metadata: { resourceVersion: '10' }, data: { 'service-token': encodeEntry(given.value('back')) } },
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

it('goes on after a failure and says which action failed', async () => {
  const error = new Error('conflict');
  const patch = vi.fn<KubeClient['patch']>().mockRejectedValueOnce(error);
  const actions = [stamp('agent'), stamp('scanner')];
  expect((await carriedOut(actions, patch)).outcomes).toEqual([{ action: actions[0], error }, { action: actions[1] }]);
});

it('writes nothing more once it is told to stop', async () => {
  const stopping = new AbortController();
  const patch = vi.fn<KubeClient['patch']>(() => {
    stopping.abort();
    return Promise.resolve() as Promise<never>;
  });
  const actions = [stamp('agent'), stamp('scanner')];
  const { outcomes } = await carriedOut(actions, patch, stopping);
  expect(outcomes).toEqual([{ action: actions[0] }]);
  expect(patch).toHaveBeenCalledTimes(1);
});

it('never carries out a fresh read: that is the loop’s', async () => {
  const { outcomes, patch, create } = await carriedOut([{ kind: 'Reread' }]);
  expect(outcomes[0]?.error).toBeInstanceOf(Error);
  expect(patch.mock.calls.length + create.mock.calls.length).toBe(0);
});
