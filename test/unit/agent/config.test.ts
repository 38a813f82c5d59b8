import { expect, test } from 'vitest';
import { readConfig } from '../../../agent/config.ts';

test('a token alone is enough', () => {
  expect(readConfig({ SERVICE_TOKEN: 'a-token', BACKEND_URL: '' })).toEqual({
    backendUrl: 'http://kure-monitor-backend:8000',
    serviceToken: 'a-token',
    logLevel: 'info',
    shutdownGraceMs: 10_000,
    ownNamespace: undefined,
    healthPort: 8080,
    nodeName: undefined,
    excludedNamespaces: new Set(),
    pendingGraceMs: 120_000,
  });
});

test('every mistake is reported at once, and no value', () => {
  const env = {
    SERVICE_TOKEN: 'with a space',
    BACKEND_URL: 'http://someone:hunter2@backend',
    LOG_LEVEL: 'loud',
    PENDING_GRACE_PERIOD: '2m',
    SHUTDOWN_GRACE_SECONDS: '-1',
    HEALTH_PORT: '99999',
  };
  const read = () => readConfig(env);
  for (const name of Object.keys(env)) expect(read).toThrow(name);
  for (const value of Object.values(env)) expect(read).not.toThrow(value);
  expect(() => readConfig({})).toThrow('SERVICE_TOKEN must be set');
});

test.each(['http://someone@backend', 'http://:hunter2@backend', 'http://backend?a=b', 'ftp://backend', 'backend'])(
  'an address like %s is a mistake',
  (address) => {
    expect(() => readConfig({ SERVICE_TOKEN: 't', BACKEND_URL: address })).toThrow('BACKEND_URL must be a URL');
  },
);

test('excluded namespaces are separated by commas, spaces or both', () => {
  const { excludedNamespaces } = readConfig({ SERVICE_TOKEN: 't', EXCLUDED_NAMESPACES: 'one, two three,' });
  expect([...excludedNamespaces]).toEqual(['one', 'two', 'three']);
});

test.each([
  ['https://backend/kure/', 'https://backend/kure'],
  ['http://backend:8000 ', 'http://backend:8000'],
  ['http://backend:8000\n', 'http://backend:8000'],
  ['HTTP://Backend:8000', 'http://backend:8000'],
  ['http://backend?', 'http://backend'],
])('of the address %j what a path can stand behind is kept', (address, kept) => {
  expect(readConfig({ SERVICE_TOKEN: 't', BACKEND_URL: address }).backendUrl).toBe(kept);
});
