/**
 * A running release of Kure Monitor's own chart becomes one of ours: what its database holds is there afterwards, and can be read.
 * Without UPSTREAM_CHART and UPSTREAM_IMAGES nothing is tested here.
 */
import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KubeClient } from '../../shared/kube/client.ts';
import { connect } from '../../shared/kube/connect.ts';
import { testBedTools } from '../../testbed/demo/cluster-tools.ts';
import { editSecret } from '../../testbed/demo/edit.ts';
import { followRotation } from '../../testbed/demo/follow.ts';
import { Release } from '../../testbed/demo/release.ts';
import { wayIn } from '../fixtures/way-in.ts';
import { importUpstreamImages, upstreamChart, upstreamImages } from './upstream.ts';

const isGiven = Boolean(upstreamChart && upstreamImages);
if (!isGiven) console.warn('SKIPPED: taking over a running release of Kure Monitor. Name its chart and its images: UPSTREAM_CHART=<folder> UPSTREAM_IMAGES=<folder>.');

const person = { username: 'ann', password: randomBytes(12).toString('hex') };
const model = { provider: 'openai', api_key: randomBytes(12).toString('hex'), model: 'any' };
const takeOver = ['--values=chart/values-upstream.yaml', '--values=chart/values-take-over.yaml'];

const cookieOf = (response: Response): string => response.headers.getSetCookie()[0]?.split(';')[0] ?? '';

describe.runIf(isGiven)("a running release of Kure Monitor's own chart", () => {
  const release = new Release('e2e-take-over', testBedTools());
  afterAll(() => release.remove());

  const post = async (path: string, body: object, cookie = ''): Promise<Response> => {
    const backend = await wayIn(release, 'kure-monitor-backend');
    const headers = { 'content-type': 'application/json', cookie };
    return fetch(`${backend}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  };
  /** What is configured, which the backend only says when it can decrypt the model's key. */
  const modelOf = async (cookie: string): Promise<unknown> => {
    const backend = await wayIn(release, 'kure-monitor-backend');
    return (await fetch(`${backend}/api/admin/llm/status`, { headers: { cookie } })).json();
  };
  const configured = { configured: true, provider: model.provider, model: model.model };

  const secrets = async (): Promise<string> => {
    const { items } = await release.get<{ items: { data: object }[] }>('secret/kure-monitor-bootstrap', 'secret/kure-monitor-encryption', 'secret/kure-monitor-postgresql');
    return createHash('sha256').update(JSON.stringify(items.map(({ data }) => data))).digest('hex');
  };
  const before = { secrets: '', cookie: '' };

  beforeAll(async () => {
    await importUpstreamImages();
    await release.remove();
    await release.kubectl(['create', 'namespace', release.namespace]);
    await release.kubectl(['label', 'namespace', release.namespace, 'bootstrap.kure.io/demo=true', 'pod-security.kubernetes.io/enforce=restricted']);
    await release.helm(['install', release.name, upstreamChart ?? '', '--set=postgresql.password=its-own-password']);
    // Helm would wait for a claim of this chart, too, that no pod uses and that is therefore never bound.
    const workloads = await release.kubectl(['get', 'deployments,daemonsets,statefulsets', '--output=name']);
    for (const workload of workloads.trim().split('\n')) await release.kubectl(['rollout', 'status', workload, '--timeout=5m']);
  });

  it('has an administrator and the key of a language model in its database', async () => {
    const made = await post('/api/auth/setup', person);
    expect(made.status).toBe(200);
    before.cookie = cookieOf(made);
    expect((await post('/api/admin/llm/config', model, before.cookie)).status).toBe(200);
    expect(await modelOf(before.cookie)).toMatchObject(configured);
    before.secrets = await secrets();
  });

  it('keeps its Secrets, its people, their sessions and the key of the model when it is taken over', async () => {
    await release.upgrade(['--reset-values', ...takeOver]);
    expect((await secrets()) === before.secrets).toBe(true);
    expect(await modelOf(before.cookie)).toMatchObject(configured);
    expect((await post('/api/auth/login', person)).status).toBe(200);
  });

  it('is served by the operator from then on', async () => {
    const { resourceVersion } = await editSecret(release, ['service-token']);
    const client = new KubeClient(await connect(), 'kure-bootstrap-test');
    const { keys } = await followRotation(client, release, resourceVersion, () => {});
    expect(keys['service-token']?.phase).toBe('Stable');
  });

  it('finds its database again when it is uninstalled and installed once more', async () => {
    await release.helm(['uninstall', release.name, '--wait']);
    await release.upgrade(['--install', ...takeOver]);
    const again = await post('/api/auth/login', person);
    expect(again.status).toBe(200);
    expect(await modelOf(cookieOf(again))).toMatchObject(configured);
  });
});
