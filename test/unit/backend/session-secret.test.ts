import { hash } from 'node:crypto';
import { expect, it } from 'vitest';
import { SessionSecret, type SeenSecret } from '../../../backend/domain/session-secret.ts';
import { isBlindRender } from '../../../shared/credential/render-mark.ts';
import { record, retired, value } from '../../fixtures/given.ts';

const seen = (sessionSecret: string | undefined, change: Partial<SeenSecret> = {}): SeenSecret => ({
  resourceVersion: '10',
  serviceToken: value('service'),
  sessionSecret,
  isBlindRender: false,
  ...change,
});

it('is the keyring\'s target where one is recorded, else the bootstrap Secret\'s, else the environment\'s', () => {
  const secret = new SessionSecret('of the environment');
  expect(secret.value).toBe('of the environment');
  secret.sawBootstrap(seen(undefined));
  expect(secret.value).toBe('of the environment');
  secret.sawBootstrap(seen('short', { resourceVersion: '11' }));
  expect(secret.value).toBe('short');
  secret.sawKeyring(record(['new']), '20');
  expect(secret.value).toBe(value('new'));
});

it('changes at once with a valid edit, before the operator has judged it', () => {
  const secret = new SessionSecret('');
  const changes: string[] = [];
  secret.onChanged(() => changes.push(secret.value));
  secret.sawBootstrap(seen(value('old')));
  secret.sawKeyring(record(['old']), '20');
  secret.sawBootstrap(seen(value('new'), { resourceVersion: '11' }));
  secret.sawKeyring(record(['old', 'new']), '21');
  expect(changes).toEqual([value('old'), value('new')]);
});

it.each([
  ['invalid', seen('short', { resourceVersion: '11' })],
  ['the service token', seen(value('service'), { resourceVersion: '11' })],
  ['retired', seen(value('gone'), { resourceVersion: '11' })],
  ['made up by a renderer', seen(value('made-up'), { resourceVersion: '11', isBlindRender: true })],
  ['missing', seen(undefined, { resourceVersion: '11' })],
])('does not change with a value that will be put back: %s', (_, next) => {
  const secret = new SessionSecret('');
  secret.sawBootstrap(seen(value('old')));
  secret.sawKeyring(record(['old'], { retired: [retired('gone')] }), '20');
  secret.onChanged(() => expect.unreachable());
  secret.sawBootstrap(next);
  expect(secret.value).toBe(value('old'));
});

it('ignores a read that a newer one has overtaken, on either side', () => {
  const secret = new SessionSecret('');
  secret.sawKeyring(record(['old', 'new']), '20');
  secret.sawBootstrap(seen(value('new'), { resourceVersion: '10' }));
  secret.sawBootstrap(seen(value('old'), { resourceVersion: '9' }));
  expect(secret.value).toBe(value('new'));
  secret.sawKeyring(record(['old']), '19');
  secret.sawBootstrap(seen(undefined, { resourceVersion: '11' }));
  expect(secret.value).toBe(value('new'));
});

const markOf = (...parts: string[]) => hash('sha256', parts.join('\n'), 'hex');

it('knows a rendered value by its mark, which an edit of either value breaks', () => {
  const values = { 'service-token': 'a'.repeat(48), 'session-secret': 'b'.repeat(48) };
  const made = { source: 'bootstrap', release: 'kure', values } as const;
  const mark = markOf('kure', ...Object.values(values));
  expect(isBlindRender(mark, made)).toBe(true);
  expect(isBlindRender(undefined, made)).toBe(false);
  expect(isBlindRender(mark, { ...made, release: 'other' })).toBe(false);
  expect(isBlindRender(mark, { ...made, values: { ...values, 'session-secret': 'c'.repeat(48) } })).toBe(false);
  const short = { ...values, 'service-token': 'a'.repeat(47) };
  expect(isBlindRender(markOf('kure', ...Object.values(short)), { ...made, values: short })).toBe(false);
});
