import { describe, expect, it } from 'vitest';
import { asService, findingReport, podReport, startBackend, tokenA, type Backend } from './harness.ts';
import { Person, signUp } from './people.ts';

type Row = Record<string, unknown>;

async function start() {
  const backend = await startBackend();
  return { backend, admin: await signUp(backend), agent: new Agent(backend) };
}

class Agent {
  readonly #person: Person;

  constructor(backend: Backend) {
    this.#person = new Person(backend);
  }

  async post(url: string, payload: object): Promise<Row> {
    const answer = await this.#person.call('POST', url, payload, { headers: asService(tokenA) });
    if (answer.statusCode !== 200) throw new Error(answer.body);
    return answer.json();
  }

  report = (change: Row = {}) => this.post('/api/pods/failed', podReport(change));
  find = (change: Row = {}) => this.post('/api/security/findings', findingReport(change));
}

const list = async (person: Person, url: string): Promise<Row[]> => (await person.call('GET', url)).json();

describe('a failing pod', () => {
  it('that is ignored stays so through reports, until it recovers', async () => {
    const { admin, agent } = await start();
    await agent.report();
    expect(await admin.status('DELETE', '/api/pods/failed/1')).toBe(200);
    expect(await agent.report({ logs: 'newer words' })).toMatchObject({ id: 1, status: 'ignored', dismissed: true });
    expect(await list(admin, '/api/pods/failed')).toEqual([]);
    expect(await list(admin, '/api/pods/ignored')).toMatchObject([{ id: 1, logs: 'newer words' }]);
    await agent.post('/api/pods/dismiss-deleted', { namespace: 'shop', pod_name: 'web-1' });
    expect(await list(admin, '/api/pods/ignored')).toEqual([]);
    expect(await list(admin, '/api/pods/history')).toMatchObject([{ id: 1, status: 'resolved' }]);
    // PostgreSQL has used up a number for each report.
    const later = { id: expect.toSatisfy((id: number) => id > 1) as number, status: 'new' };
    expect(await agent.report()).toMatchObject(later);
    expect(await list(admin, '/api/pods/history')).toEqual([]);
  });

  it('can be restored, investigated with a note, and is never resolved by hand', async () => {
    const { admin, agent } = await start();
    await agent.report();
    const patch = (status: string) => admin.call('PATCH', '/api/pods/failed/1/status', { status, resolution_note: 'looking' });
    expect((await patch('investigating')).json()).toMatchObject({ status: 'investigating', resolution_note: 'looking' });
    expect((await patch('new')).statusCode).toBe(400);
    expect((await patch('resolved')).statusCode).toBe(422);
    expect((await patch('ignored')).json()).toMatchObject({ status: 'ignored' });
    expect(await admin.status('PUT', '/api/pods/ignored/1/restore')).toBe(200);
    expect(await list(admin, '/api/pods/failed')).toMatchObject([{ id: 1, status: 'new' }]);
    expect(await admin.status('PATCH', '/api/pods/failed/9/status', { status: 'ignored' })).toBe(404);
  });

  it('is deleted from the records only when it is resolved or ignored', async () => {
    const { admin, agent } = await start();
    await agent.report();
    expect(await admin.status('DELETE', '/api/pods/records/1')).toBe(400);
    await admin.call('DELETE', '/api/pods/failed/1');
    expect(await admin.status('DELETE', '/api/pods/records/1')).toBe(200);
    expect(await admin.status('DELETE', '/api/pods/records/1')).toBe(404);
  });
});

describe('a finding', () => {
  it('is dismissed, listed as such and restored', async () => {
    const { admin, agent } = await start();
    await agent.find();
    expect(await admin.status('DELETE', '/api/security/findings/1')).toBe(200);
    expect(await agent.find()).toMatchObject({ id: 1, dismissed: true });
    expect(await list(admin, '/api/security/findings')).toEqual([]);
    expect(await list(admin, '/api/security/findings/dismissed')).toMatchObject([{ id: 1, dismissed: true }]);
    expect(await admin.status('PUT', '/api/security/findings/1/restore')).toBe(200);
    expect(await list(admin, '/api/security/findings')).toMatchObject([{ id: 1 }]);
  });

  it('shows the manifest of its resource', async () => {
    const { admin, agent } = await start();
    await agent.find();
    const { timestamp: _, category: __, ...shown } = findingReport();
    expect((await admin.call('GET', '/api/security/findings/1/manifest')).json()).toEqual({ id: 1, ...shown });
    expect(await admin.status('GET', '/api/security/findings/2/manifest')).toBe(404);
  });
});

describe('a suppression', () => {
  it.each([
    ['excluded-pods', { pod_name: ' web-1 ' }, { pod_name: 'web-1' }, 'web-1'],
    ['excluded-namespaces', { namespace: 'shop' }, { namespace: 'shop' }, 'shop'],
    ['excluded-rules', { rule_title: 'a/b: c%2F' }, { rule_title: 'a/b: c%2F', namespace: null }, encodeURIComponent('a/b: c%2F')],
    ['excluded-rules', { rule_title: 'Root', namespace: 'shop' }, { rule_title: 'Root', namespace: 'shop' }, 'Root?namespace=shop'],
    ['trusted-registries', { registry: ' R.Example ' }, { registry: 'r.example' }, 'r.example'],
  ])('of %s is added once, and removed', async (name, body, expected, path) => {
    const { admin } = await start();
    const url = `/api/admin/${name}`;
    const first = (await admin.call('POST', url, body)).json<Row>();
    expect(first).toMatchObject({ id: 1, ...expected });
    expect((await admin.call('POST', url, body)).json()).toEqual(first);
    expect(await list(admin, url)).toEqual([first]);
    expect(await admin.status('DELETE', `${url}/${path}`)).toBe(200);
    expect(await admin.status('DELETE', `${url}/${path}`)).toBe(404);
    expect(await list(admin, url)).toEqual([]);
  });

  it('that is blank, or a registry with a path, is refused and says what is wanted', async () => {
    const { admin } = await start();
    for (const [name, body] of [['excluded-pods', { pod_name: ' ' }], ['trusted-registries', { registry: 'r.example/team' }], ['trusted-registries', { registry: 'r.example:5000' }]] as const) {
      expect(await admin.status('POST', `/api/admin/${name}`, body)).toBe(400);
    }
  });

  it('takes what it covers out of sight, and nothing else', async () => {
    const { admin, agent } = await start();
    await agent.report();
    await agent.report({ pod_name: 'web-2' });
    await admin.call('POST', '/api/admin/excluded-pods', { pod_name: 'web-1' });
    expect(await list(admin, '/api/pods/failed')).toMatchObject([{ pod_name: 'web-2' }]);
    expect(await list(admin, '/api/pods/history')).toMatchObject([{ pod_name: 'web-1', resolution_note: 'The pod was excluded' }]);

    for (const title of ['Root', 'Root: web', 'Rootless']) for (const namespace of ['shop', 'till']) await agent.find({ title, namespace });
    await admin.call('POST', '/api/admin/excluded-rules', { rule_title: 'Root', namespace: 'shop' });
    const seen = async () => (await list(admin, '/api/security/findings')).map(({ title, namespace }) => `${String(namespace)} ${String(title)}`).toSorted();
    expect(await seen()).toEqual(['shop Rootless', 'till Root', 'till Root: web', 'till Rootless']);
    await admin.call('POST', '/api/admin/excluded-namespaces', { namespace: 'till' });
    expect(await seen()).toEqual(['shop Rootless']);
  });

  it('can be chosen from what was seen', async () => {
    const { admin, agent } = await start();
    await agent.report({ namespace: 'till' });
    await agent.find();
    expect(await list(admin, '/api/admin/namespaces')).toEqual(['shop', 'till']);
    expect(await list(admin, '/api/admin/rule-titles')).toEqual(['Runs as root', 'Runs as root: web']);
    expect(await list(admin, '/api/admin/rule-titles?namespace=till')).toEqual([]);
    expect(await list(admin, '/api/admin/monitored-pods')).toEqual([{ pod_name: 'web-1', namespace: 'till' }]);
  });
});
