import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { EncryptionKeys, NoEncryptionKey } from '../../../backend/domain/encryption-keys.ts';
import { decrypt, deriveKey, encrypt } from '../../../backend/domain/fernet.ts';
import { systemClock } from '../../../shared/clock.ts';
import type { Attestation } from '../../../shared/contract/attestation.ts';
import { record, retired, value } from '../../fixtures/given.ts';
import { soon } from '../../fixtures/soon.ts';
import { asService, startBackend, tokenA, type Backend } from './harness.ts';

const at = '2026-11-01T10:00:00.000Z';
const under = (setting: string, text = 'sk-1') => encrypt(deriveKey(setting), text, 0);

describe('encryption keys', () => {
  it('write with the target and read with all, retired ones and the environment\'s included', () => {
    const keys = new EncryptionKeys('of the environment', systemClock);
    keys.sawKeyring(record(['old', 'new'], { retired: [retired('older')] }), '20');
    expect(decrypt(deriveKey(value('new')), keys.seal('sk-2'))).toBe('sk-2');
    expect(keys.open(under(value('new')))).toEqual({ text: 'sk-1', generation: 'new', isCurrent: true });
    expect(keys.open(under(value('old')))).toEqual({ text: 'sk-1', generation: 'old', isCurrent: false });
    expect(keys.open(under(value('older')))).toEqual({ text: 'sk-1', generation: 'older', isCurrent: false });
    expect(keys.open(under('of the environment'))).toEqual({ text: 'sk-1', generation: '', isCurrent: false });
    expect(keys.open(under('another'))).toBeUndefined();
    expect(keys.accepted).toEqual(['old', 'new']);
  });

  it('write with the environment\'s where the keyring has no record of the key', () => {
    const keys = new EncryptionKeys('of the environment', systemClock);
    keys.sawKeyring(undefined, '20');
    expect(keys.open(keys.seal('sk-2'))).toEqual({ text: 'sk-2', generation: '', isCurrent: true });
    expect(keys.accepted).toEqual([]);
  });

  it('refuse to store anything when there is none', () => {
    expect(() => new EncryptionKeys(undefined, systemClock).seal('sk-2')).toThrow(NoEncryptionKey);
  });

  it('keep the last known record when the keyring is gone, and ignore one that a newer one has overtaken', () => {
    const keys = new EncryptionKeys(undefined, systemClock);
    keys.sawKeyring(record(['new']), '20');
    keys.sawKeyring(undefined, '21');
    keys.sawKeyring(record(['old']), '9');
    expect(keys.accepted).toEqual(['new']);
  });
});

const store = ({ stores }: Backend, sealedKey: string) =>
  stores.llmConfig.save({ provider: 'openai', sealedKey, model: null, baseUrl: null }, at);

async function attested({ app }: Backend) {
  const answer = await app.inject({ url: '/api/bootstrap/attestation', headers: asService(tokenA) });
  return answer.json<Attestation>().encryption;
}

describe('what is stored', () => {
  it('is attested by generation, and encrypted again when the target changes', async () => {
    const backend = await startBackend();
    expect(await attested(backend)).toEqual({ accepted: [], stored: {} });
    backend.encryptionKeys.sawKeyring(record(['old']), '20');
    await store(backend, backend.encryptionKeys.seal('sk-1'));
    expect(await attested(backend)).toEqual({ accepted: ['old'], stored: { old: 1 } });
    backend.encryptionKeys.sawKeyring(record(['old', 'new']), '21');
    await vi.waitFor(async () => expect(await attested(backend)).toEqual({ accepted: ['old', 'new'], stored: { new: 1 } }), soon);
    backend.encryptionKeys.sawKeyring(record(['new'], { retired: [retired('old')] }), '22');
    const { sealedKey } = (await backend.stores.llmConfig.read())!;
    expect(backend.encryptionKeys.open(sealedKey!)).toEqual({ text: 'sk-1', generation: 'new', isCurrent: true });
  });

  it('under a key that nobody has stays as it is, and is attested without a name', async () => {
    const backend = await startBackend();
    const sealed = under('lost');
    await store(backend, sealed);
    backend.encryptionKeys.sawKeyring(record(['new']), '20');
    await sleep(50);
    expect(await attested(backend)).toEqual({ accepted: ['new'], stored: { '': 1 } });
    expect((await backend.stores.llmConfig.read())?.sealedKey).toBe(sealed);
  });

  it('and is changed while it is encrypted again is not lost', async () => {
    const backend = await startBackend();
    const before = under(value('old'), 'sk-1');
    const after = under(value('old'), 'sk-2');
    await store(backend, before);
    await store(backend, after);
    expect(await backend.stores.sealed.reseal(before, under(value('new'), 'sk-1'))).toBe(false);
    expect((await backend.stores.llmConfig.read())?.sealedKey).toBe(after);
  });

  it('is encrypted again later when the database fails', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    const backend = await startBackend();
    await store(backend, under(value('old')));
    const reads = vi.spyOn(backend.stores.sealed, 'sealedValues').mockRejectedValueOnce(new Error('disk I/O error'));
    backend.encryptionKeys.sawKeyring(record(['old', 'new']), '20');
    await vi.waitFor(() => expect(reads).toHaveBeenCalledTimes(1), soon);
    await vi.advanceTimersByTimeAsync(5_000);
    vi.useRealTimers();
    await vi.waitFor(async () => expect(await attested(backend)).toMatchObject({ stored: { new: 1 } }), soon);
  });
});
