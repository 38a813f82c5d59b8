import { randomBytes, randomInt } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { PodFailure } from '../../../shared/contract/pods.ts';
import type { Finding } from '../../../shared/contract/security.ts';
import { asService, findingReport, podReport, startBackend, tokenA, type Backend } from './harness.ts';
import { signUp, type Person } from './people.ts';

const headers = asService(tokenA);

function post(backend: Backend, url: string, payload: unknown) {
  return backend.app.inject({ method: 'POST', url, headers, payload: payload as object });
}

async function list(backend: Backend, url: string): Promise<Record<string, unknown>[]> {
  return (await backend.app.inject({ url, headers })).json();
}

/** As a person sees it. */
const shown = async (person: Person, url: string): Promise<Record<string, unknown>[]> => (await person.call('GET', url)).json();

describe('a pod report', () => {
  it('is answered with 200 and the whole failure, and is then listed as active', async () => {
    const backend = await startBackend();
    const admin = await signUp(backend);
    const answer = await post(backend, '/api/pods/failed', podReport());
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toMatchObject({
      id: 1,
      pod_name: 'web-1',
      status: 'new',
      dismissed: false,
      timestamp: '2026-11-01T10:00:00+00:00',
      container_statuses: [{ name: 'web', restart_count: 7, state: 'waiting', reason: null }],
      logs_captured: false,
      auto_solution_mode: 'quick',
    });
    expect(await shown(admin, '/api/pods/failed')).toEqual([answer.json()]);
  });

  it('is listed for agents without its long texts: they compare names', async () => {
    const backend = await startBackend();
    const { id, pod_name, namespace, failure_reason } = (await post(backend, '/api/pods/failed', podReport())).json<PodFailure>();
    const texts = { logs: '', manifest: '', events: [], container_statuses: [], solution: '' };
    expect(await list(backend, '/api/pods/failed')).toMatchObject([{ id, pod_name, namespace, failure_reason, ...texts }]);
  });

  it('makes one active row, however many agents send it at the same moment', async () => {
    const backend = await startBackend();
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, index) => post(backend, '/api/pods/failed', podReport({ logs: `agent ${index}` }))),
    );
    expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([200]));
    expect(await list(backend, '/api/pods/failed')).toHaveLength(1);
  });

  it.each([
    ['container_statuses', [{ name: 'web', ready: false, restart_count: 0, image: 'web:1', extra: '?' }]],
    ['events', [{ type: 'Warning', extra: '?' }]],
    ['failure_logs', { containers: { web: '?' } }],
  ])('is refused, and nothing stored, where %s has thousands of levels', async (field, value) => {
    const backend = await startBackend();
    const report = (inside: string) =>
      backend.app.inject({
        method: 'POST',
        url: '/api/pods/failed',
        headers: { ...headers, 'content-type': 'application/json' },
        payload: JSON.stringify(podReport({ [field]: value })).replace('"?"', inside),
      });
    for (const levels of [1_000, 50_000]) expect(await report('['.repeat(levels) + ']'.repeat(levels))).toMatchObject({ statusCode: 400 });
    expect(await list(backend, '/api/pods/failed')).toEqual([]);
    expect(await report('{"previous":{"data":""}}')).toMatchObject({ statusCode: 200 });
  });

  it('may have null event fields and containers without a state', async () => {
    const backend = await startBackend();
    const events = [{ type: null, reason: null, message: null, timestamp: null }];
    const container_statuses = [{ name: 'web', ready: false, restart_count: 0, image: 'web:1' }];
    const answer = await post(backend, '/api/pods/failed', podReport({ events, container_statuses }));
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toMatchObject({ events, container_statuses });
  });

  it('may be 15 MiB large, and is refused with 413 beyond 16', async () => {
    const backend = await startBackend();
    for (const [mebibytes, status] of [[15, 200], [17, 413]] as const) {
      const report = podReport({ manifest: 'x'.repeat(mebibytes * 1024 * 1024) });
      expect((await post(backend, '/api/pods/failed', report)).statusCode).toBe(status);
    }
  });

  it('keeps the captured logs and returns them only to the reporter', async () => {
    const backend = await startBackend();
    const admin = await signUp(backend);
    const failure_logs = { version: 1, encoding: 'gzip+base64', containers: { web: { previous: { data: 'H4sI' }, error: null } } };
    const answer = await post(backend, '/api/pods/failed', podReport({ failure_logs }));
    expect(answer.json()).toMatchObject({ failure_logs, logs_captured: true });
    expect(await shown(admin, '/api/pods/failed')).toMatchObject([{ failure_logs: null, logs_captured: true }]);
  });

  it('of the wrong shape is refused with 422 that says where, and never echoes what was sent', async () => {
    const backend = await startBackend();
    const answer = await post(backend, '/api/pods/failed', podReport({ events: [{ reason: ['hunter2'] }] }));
    expect(answer.statusCode).toBe(422);
    expect(answer.json()).toMatchObject({
      error: 'HTTP 422 Error',
      path: '/api/pods/failed',
      detail: [{ type: 'type', loc: ['body', 'events', '0', 'reason'] }, {}, {}],
    });
    expect(answer.body).not.toContain('hunter2');
    const missing = await post(backend, '/api/pods/dismiss-deleted', { namespace: 'hunter2' });
    expect(missing.json()).toMatchObject({ detail: [{ type: 'required', loc: ['body', 'pod_name'] }] });
    expect(missing.body).not.toContain('hunter2');
  });

  it('that is not JSON is refused with 400 without a word of it', async () => {
    const backend = await startBackend();
    const answer = await backend.app.inject({
      method: 'POST',
      url: '/api/pods/failed?token=hunter1',
      headers: { ...headers, 'content-type': 'application/json' },
      payload: 'hunter2',
    });
    expect(answer.statusCode).toBe(400);
    expect(answer.body).not.toMatch(/hunter/);
    expect(answer.json()).toMatchObject({ path: '/api/pods/failed' });
  });

  it('comes back as a new failure after the pod was dismissed', async () => {
    const backend = await startBackend();
    await post(backend, '/api/pods/failed', podReport());
    const name = { namespace: 'shop', pod_name: 'web-1' };
    expect((await post(backend, '/api/pods/dismiss-deleted', name)).json()).toEqual({ message: 'Pod auto-resolved' });
    expect(await list(backend, '/api/pods/failed')).toEqual([]);
    expect((await post(backend, '/api/pods/dismiss-deleted', name)).statusCode).toBe(200);
    expect((await post(backend, '/api/pods/failed', podReport())).json()).toMatchObject({ id: 2, status: 'new' });
  });
});

describe('a security finding', () => {
  it('is stored once, with its newest facts, and counted', async () => {
    const backend = await startBackend();
    const first = (await post(backend, '/api/security/findings', findingReport())).json<{ id: number }>();
    const second = await post(backend, '/api/security/findings', findingReport({ severity: 'low' }));
    expect(second.statusCode).toBe(200);
    expect(second.json()).toEqual({ ...findingReport({ severity: 'low' }), id: first.id, dismissed: false });
    const metrics = (await backend.app.inject('/metrics')).body;
    expect(metrics).toContain('kure_security_findings_total{severity="high"} 1');
  });

  it('is listed for the scanner without its manifest, newest first, also when it is dismissed', async () => {
    const backend = await startBackend();
    const found = async (title: string) => {
      const answer = await post(backend, '/api/security/findings', findingReport({ title, manifest: 'kind: Pod' }));
      return { ...answer.json<Finding>(), manifest: '' };
    };
    const [one, two] = [await found('one'), await found('two')];
    expect(await list(backend, '/api/security/findings')).toEqual([two, one]);
    await backend.database.updateTable('security_findings').set({ dismissed: 1 }).where('id', '=', one.id).execute();
    expect(await list(backend, '/api/security/findings')).toEqual([two, { ...one, dismissed: true }]);
  });

  it('that was dismissed stays dismissed through a new scan', async () => {
    const backend = await startBackend();
    await post(backend, '/api/security/findings', findingReport());
    await backend.database.updateTable('security_findings').set({ dismissed: 1 }).execute();
    await backend.app.inject({ method: 'DELETE', url: '/api/security/findings/resource/Pod/shop/web-1', headers });
    expect((await post(backend, '/api/security/findings', findingReport())).json()).toMatchObject({ dismissed: true });
  });

  it('is deleted with its resource, whose name is decoded once', async () => {
    const backend = await startBackend();
    const names = ['kubeadm:get-nodes', 'a.b.c', 'with/slash', 'with%2Fpercent', 'x'.repeat(253)];
    for (const resource_name of names) {
      await post(backend, '/api/security/findings', findingReport({ resource_type: 'Role', resource_name }));
      const url = `/api/security/findings/resource/Role/shop/${encodeURIComponent(resource_name)}`;
      const answer = await backend.app.inject({ method: 'DELETE', url, headers });
      expect({ resource_name, ...answer.json<object>() }).toMatchObject({ resource_name, count: 1 });
    }
    const raw = '/api/security/findings/resource/Role/shop/kubeadm:get-nodes';
    await post(backend, '/api/security/findings', findingReport({ resource_type: 'Role', resource_name: names[0] }));
    expect((await backend.app.inject({ method: 'DELETE', url: raw, headers })).json()).toMatchObject({ count: 1 });
  });

  it('is cleared by a call with a JSON content type and an empty body', async () => {
    const backend = await startBackend();
    await post(backend, '/api/security/findings', findingReport());
    const answer = await backend.app.inject({
      method: 'POST',
      url: '/api/security/scan/clear',
      headers: { ...headers, 'content-type': 'application/json', 'content-length': '0' },
    });
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({ message: 'Security findings cleared' });
    expect(await backend.database.selectFrom('security_findings').selectAll().execute()).toEqual([]);
  });
});

it('takes the scan duration and the rescan status', async () => {
  const backend = await startBackend();
  const duration = await post(backend, '/api/metrics/security-scan-duration', { duration_seconds: 12.5 });
  expect(duration.json()).toEqual({ message: 'Scan duration recorded' });
  expect((await backend.app.inject('/metrics')).body).toContain('kure_security_scan_duration_seconds 12.5');
  for (const [status, code] of [['started', 200], ['completed', 200], ['perhaps', 422]] as const) {
    expect((await post(backend, '/api/security/rescan-status', { status, reason: null })).statusCode).toBe(code);
  }
});

it('answers the lists of agent and scanner with arrays, and a global rule has the namespace null', async () => {
  const backend = await startBackend();
  const at = { created_at: '2026-11-01T10:00:00.000Z' };
  await backend.database.insertInto('excluded_pods').values({ pod_name: 'web-1', ...at }).execute();
  await backend.database.insertInto('excluded_namespaces').values({ namespace: 'shop', ...at }).execute();
  await backend.database.insertInto('excluded_rules').values({ rule_title: 'Root', namespace: null, ...at }).execute();
  await backend.database.insertInto('trusted_registries').values({ registry: 'r.example', ...at }).execute();
  expect(await list(backend, '/api/admin/excluded-pods')).toEqual([{ id: 1, pod_name: 'web-1', ...at }]);
  expect(await list(backend, '/api/admin/excluded-namespaces')).toEqual([{ id: 1, namespace: 'shop', ...at }]);
  expect(await list(backend, '/api/admin/excluded-rules')).toEqual([{ id: 1, rule_title: 'Root', namespace: null, ...at }]);
  expect(await list(backend, '/api/admin/trusted-registries')).toEqual([{ id: 1, registry: 'r.example', ...at }]);
});

it('an exclusion of the longest rule and namespace is stored, and a longer one refused', async () => {
  const admin = await signUp(await startBackend());
  const exclude = (change: object) => admin.status('POST', '/api/admin/excluded-rules', { rule_title: rule, namespace, ...change });
  const rule = Array.from({ length: 450 }, () => String.fromCodePoint(randomInt(0x1f300, 0x1faff))).join('');
  const namespace = randomBytes(200).toString('base64').slice(0, 253);
  expect(await exclude({})).toBe(200);
  for (const change of [{ rule_title: `${rule}x` }, { namespace: `${namespace}x` }, { namespace: '\u7981' }]) expect(await exclude(change)).toBe(422);
});
