/** What is taken out of a question before it leaves for a language model. */
import { dump } from 'js-yaml';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { manifestToSend } from '../../../backend/llm/manifest.ts';
import { redactText } from '../../../backend/llm/redaction.ts';

describe('a text loses', () => {
  it.each([
    ['DB_PASSWORD=hunter2 and more', 'DB_PASSWORD=[redacted] and more'],
    ['{"password": "two words", "port": 5432}', '{"password": [redacted], "port": 5432}'],
    ['"{\\"password\\":\\"hunter2\\",\\"port\\":1}"', '"{\\"password\\":[redacted]\\",\\"port\\":1}"'],
    ['{"user":"me","password":"hunter2 cut o', '{"user":"me","password":[redacted] cut o'],
    ['client_secret: \'a b\', user: me', 'client_secret: [redacted], user: me'],
    ['Authorization: Bearer abc.def-ghi', 'Authorization: Bearer [redacted]'],
    ['GET /ws?token=abc&since=1', 'GET /ws?token=[redacted]&since=1'],
    ['mysql --password hunter2 --host db', 'mysql --password [redacted] --host db'],
    ['cannot connect to postgres://shop:hunter2@db:5432/shop', 'cannot connect to postgres://[redacted]@db:5432/shop'],
    ['using AKIAIOSFODNN7EXAMPLE', 'using [redacted]'],
    ['using ghp_0123456789abcdefghij', 'using [redacted]'],
    ['jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl end', 'jwt [redacted] end'],
    ['posting to https://hooks.slack.com/services/T0/B0/x', 'posting to https://hooks.slack.com/services/[redacted]'],
    ['key 9f86d081884c7d659a2feaa0c55ad015 read', 'key [redacted] read'],
    ['value Xk29sLq0PzR7vTb4Wm81NcYd read', 'value [redacted] read'],
    ['-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\nafter', '[redacted]\nafter'],
    ['-----BEGIN PRIVATE KEY-----\nMIIE, cut off', '[redacted]'],
    ['cut/off+\r\nMIIE\r\n-----END PRIVATE KEY-----\r\nafter', '[redacted]\r\nafter'],
  ])('%s', (text, left) => {
    expect(redactText(text)).toBe(left);
  });
});

describe('a text keeps', () => {
  it.each([
    'secret "database" not found',
    'automountServiceAccountToken: true',
    'Back-off pulling image "registry.example/web@sha256:9f86d081884c7d659a2feaa0c55ad0159f86d081884c7d659a2feaa0c55ad015"',
    'web-6d5c7f9b8c-x2x4z on ip-10-0-12-7.eu-central-1.compute.internal',
    'File "/usr/lib/python3.11/site-packages/sqlalchemy/engine/base.py", line 146',
    'java.lang.IllegalStateException: org.example.shop.OrderRepositoryImplementation',
    'password:\nthe next line',
  ])('%s', (text) => {
    expect(redactText(text)).toBe(text);
  });
});

it('whatever stands under the name of a secret is gone, and twice is as once', () => {
  const name = fc.constantFrom('PASSWORD', 'db_passwd', 'apiKey', 'X-Api-Key', 'ACCESS_TOKEN', 'client-secret', 'AWS_SECRET_ACCESS_KEY');
  const secret = fc.stringMatching(/^[A-Za-z0-9_!.$*/+-]{6,40}$/).filter((text) => !/^(true|false|null|none)\b/i.test(text));
  fc.assert(
    fc.property(name, fc.constantFrom('=', ': ', '":"', '\\":\\"', ' = '), secret, (key, between, value) => {
      const redacted = redactText(`start ${key}${between}${value} end`);
      expect(redacted).not.toContain(value);
      expect(redactText(redacted)).toBe(redacted);
    }),
  );
});

/** What goes back and forth over it would not end within the time of a test. */
it.each([['words', 'a'], ['names', 'password'], ['addresses', '://a:'], ['random', 'aB1'], ['quotes', '"'], ['settings', 'token="'], ['blanks', 'token \t']])('a long run of %s is read in one go', (_, unit) => {
  expect(redactText(unit.repeat(400_000 / unit.length))).not.toBe('');
});

describe('a manifest', () => {
  const container = {
    name: 'web',
    image: 'web:1',
    args: ['--password', 'hunter2', '--port', '80', '--token=hunter2'],
    env: [{ name: 'A', value: 'hunter2' }, { name: 'B', valueFrom: { secretKeyRef: { name: 'database', key: 'password' } } }],
    livenessProbe: { httpGet: { path: '/', httpHeaders: [{ name: 'X-Who', value: 'hunter2' }] } },
  };
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: 'web-1',
      uid: 'u-1',
      managedFields: [],
      annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{"password":"hunter2"}', team: 'shop' },
    },
    spec: { containers: [container], volumes: [{ name: 'tls', secret: { secretName: 'web-tls' } }], hostAliases: null },
    status: { message: 'hunter2' },
  };

  it('loses what is secret and what is bookkeeping, and keeps what explains a failure', () => {
    const sent = manifestToSend(dump(pod));
    for (const gone of ['hunter2', 'u-1', 'managedFields', 'last-applied', 'status', 'hostAliases']) expect(sent).not.toContain(gone);
    for (const kept of ['name: A', 'name: database', 'key: password', 'secretName: web-tls', 'image: web:1', 'team: shop', "'80'"]) expect(sent).toContain(kept);
  });

  it('is the same in the form of Python\'s client', () => {
    const sent = manifestToSend(dump({ kind: 'Pod', metadata: { name: 'web-1', resource_version: '7' }, spec: { init_containers: [container], node_name: null } }));
    for (const gone of ['hunter2', 'resource_version', 'node_name']) expect(sent).not.toContain(gone);
  });

  it.each(['Secret', 'ConfigMap'])('of a %s keeps the names of its entries alone', (kind) => {
    const sent = manifestToSend(dump({ kind, metadata: { name: 'settings' }, data: { greeting: 'hunter2' }, stringData: { word: 'hunter2' } }));
    expect(sent).not.toContain('hunter2');
    expect(sent).toContain('greeting');
  });

  it.each(['', 'just text', '- a list', 'a: [', 'a: &a [*a]', 'a: &a [x]\nb: *a', '# Error generating pod manifest'])('that is none is not sent: %s', (text) => {
    expect(manifestToSend(text)).toBe('');
  });
});
