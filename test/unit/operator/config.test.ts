import { expect, it } from 'vitest';
import { readConfig } from '../../../operator/config.ts';
import { SettingsError } from '../../../shared/settings.ts';

function mistakesOf(env: Readonly<Record<string, string>>): readonly string[] {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof SettingsError) return error.mistakes;
  }
  throw new Error('no SettingsError was thrown');
}

it('needs no setting: every name follows from the release', () => {
  expect(readConfig({})).toMatchObject({
    scope: 'release',
    release: {
      name: 'kure-monitor',
      bootstrapSecret: 'kure-monitor-bootstrap',
      encryptionSecret: 'kure-monitor-encryption',
      keyringSecret: 'kure-monitor-keyring',
      rotationConfigMap: 'kure-monitor-rotation',
      external: false,
      own: true,
      entries: { 'service-token': 'service-token', 'session-secret': 'session-secret', 'encryption-key': 'encryption-key' },
    },
    lease: 'kure-monitor-operator',
    leaseDurationMs: 15_000,
    settings: { debounceMs: 2_000, debounceMaxMs: 30_000, silenceMs: 360_000, rolloutDeadlineMs: 600_000 },
  });
});

it('takes a Secret of somebody else, whose entries have names of their own', () => {
  const env = { BOOTSTRAP_SECRET: 'theirs', EXTERNAL_SECRET: 'true', SERVICE_TOKEN_KEY: 'TOKEN', SESSION_SECRET_KEY: 'session.key' };
  expect(readConfig(env).release).toMatchObject({
    bootstrapSecret: 'theirs',
    external: true,
    own: true,
    entries: { 'service-token': 'TOKEN', 'session-secret': 'session.key' },
  });
});

it('takes fractions of a second', () => {
  const env = { DEBOUNCE_SECONDS: '0', DEBOUNCE_MAX_SECONDS: '0.25', SILENCE_SECONDS: '1.5', ROLLOUT_DEADLINE_SECONDS: '2' };
  expect(readConfig(env).settings).toEqual({ debounceMs: 0, debounceMaxMs: 250, silenceMs: 1_500, rolloutDeadlineMs: 2_000 });
});

it('reports every mistake at once, by name', () => {
  const mistakes = mistakesOf({
    SCOPE: 'galaxy',
    RELEASE: 'Kure_Monitor',
    LEASE: '-lease',
    LEASE_SECONDS: '0.5',
    SERVICE_TOKEN_KEY: 'a key',
    EXTERNAL_SECRET: 'perhaps',
    DEBOUNCE_SECONDS: '-1',
    SILENCE_SECONDS: '1e3',
    ROLLOUT_DEADLINE_SECONDS: '0',
    PORT: '70000',
  });
  for (const name of ['SCOPE', 'RELEASE', 'LEASE', 'LEASE_SECONDS', 'SERVICE_TOKEN_KEY', 'EXTERNAL_SECRET', 'DEBOUNCE_SECONDS', 'SILENCE_SECONDS', 'ROLLOUT_DEADLINE_SECONDS', 'PORT']) {
    expect(mistakes.filter((sentence) => sentence.startsWith(`${name} `))).toHaveLength(1);
  }
});

it('does not take one name for two things', () => {
  expect(mistakesOf({ KEYRING_SECRET: 'kure-monitor-bootstrap' })).toEqual([
    'BOOTSTRAP_SECRET, ENCRYPTION_SECRET and KEYRING_SECRET must be three different names',
  ]);
  expect(mistakesOf({ SERVICE_TOKEN_KEY: 'session-secret' })).toEqual([
    'SERVICE_TOKEN_KEY and SESSION_SECRET_KEY must be two different entries',
  ]);
});

it('does not let names of one release pass for settings of the whole cluster', () => {
  expect(readConfig({ SCOPE: 'cluster', RELEASE: 'operator' })).toMatchObject({ scope: 'cluster', lease: 'operator-operator' });
  expect(mistakesOf({ SCOPE: 'cluster', KEYRING_SECRET: 'x', EXTERNAL_SECRET: 'true' })).toEqual([
    'SCOPE=cluster finds releases by their labels; unset KEYRING_SECRET, EXTERNAL_SECRET',
  ]);
});
