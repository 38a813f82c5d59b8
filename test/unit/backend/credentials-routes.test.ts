import { expect, it } from 'vitest';
import type { Plan } from '../../../operator/model/plan.ts';
import { statusDocument } from '../../../operator/act/status-document.ts';
import type { Credentials } from '../../../shared/contract/credentials.ts';
import * as given from '../../fixtures/given.ts';
import { asService, startBackend, tokenA, tokenC } from './harness.ts';
import { signUp } from './people.ts';

const plan: Plan = {
  actions: [],
  phase: 'Presenting',
  keys: { 'service-token': { phase: 'Presenting', waitingFor: ['pod agent-0'] } },
  waitingFor: ['pod agent-0'],
  lookAgainMs: 500,
};

/** What the operator writes in the middle of a rotation that somebody wants to give up. */
const written = () => {
  const keys = { 'service-token': { ...given.rotating, retired: [given.retired('gone')] } };
  const sources = given.only({}, { requests: { pause: true, abort: 'new' } });
  const snapshot = given.snapshot({ keys, sources });
  return statusDocument(snapshot, plan, { phase: 'Presenting', failures: [] }, { 'service-token': given.at(-5_000) });
};

async function shownTo(rotation: { document: unknown } | undefined) {
  const backend = await startBackend(rotation && { rotation });
  const admin = await signUp(backend);
  const read = async () => (await admin.call('GET', '/api/admin/credentials')).json<Credentials>();
  return { backend, admin, read };
}

it('shows what the operator says, every field of it', async () => {
  const document = written();
  const { read } = await shownTo({ document });
  const { operator, status } = await read();
  expect(operator).toBe('present');
  const withoutVersions = Object.fromEntries(
    Object.entries(document.keys).map(([key, { accepted, ...rest }]) => [
      key,
      { ...rest, accepted: accepted.map(({ recordedFrom: _recordedFrom, ...generation }) => generation) },
    ]),
  );
  expect(status).toEqual({ ...document, keys: withoutVersions });
});

it('shows no value, even if there were one', async () => {
  const document = written();
  const key = document.keys['service-token']!;
  const leaking = { ...key, value: tokenC, accepted: key.accepted.map((generation) => ({ ...generation, value: tokenC })) };
  const { admin } = await shownTo({ document: { ...document, secret: tokenC, keys: { 'service-token': leaking } } });
  const { statusCode, body } = await admin.call('GET', '/api/admin/credentials');
  expect(statusCode).toBe(200);
  expect(body).toContain('"new"');
  expect(body).not.toContain(tokenC);
});

it('says who presents which generation, from what this backend has seen', async () => {
  const { backend, admin, read } = await shownTo(undefined);
  backend.tokens.replace([{ value: tokenA, generation: 'old' }], []);
  await admin.call('GET', '/api/pods/failed', undefined, { headers: asService(tokenA), remoteAddress: '10.1.2.3' });
  const { uses } = (await read()).verifier;
  expect(uses).toMatchObject([{ generation: 'old', count: 1, sources: [{ address: '10.1.2.3', count: 1 }] }]);
});

it.each([
  ['absent', undefined],
  ['silent', { document: undefined }],
  ['unreadable', { document: null }],
  ['unreadable', { document: {} }],
  ['unreadable', { document: { ...written(), keys: { 'service-token': { target: 7 } } } }],
  ['unreadable', { document: [] }],
] as const)('says %s where there is nothing to show: %j', async (operator, rotation) => {
  const { read } = await shownTo(rotation);
  expect(await read()).toMatchObject({ operator, status: null, verifier: { instance: 'test' } });
});
