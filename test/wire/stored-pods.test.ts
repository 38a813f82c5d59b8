/** Section 2.5 of the wire specification: logs and manifests of pods. */
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { podReport } from '../unit/backend/harness.ts';
import { compare, invalid, ours, refusal, startWire, type Wire } from './wire.ts';

const block = (text: string) => ({ data: gzipSync(text).toString('base64') });
const status = (name: string) => ({ name, ready: false, restart_count: 7, image: 'web:1', state: 'waiting' });
const lines = Array.from({ length: 300 }, (_, line) => `line ${line}`);

/** As upstream's agent reports it: with the logs of each container that crashed, compressed. */
const captured = {
  container_statuses: [status('web'), status('proxy'), status('idle')],
  failure_logs: {
    version: 1,
    encoding: 'gzip+base64',
    containers: {
      web: { previous: block('the run before'), current: block(lines.join('\n')), error: null },
      proxy: { previous: block('of the proxy'), current: null, error: null },
    },
  },
};

const report = ({ service }: Wire, change: object) => service.call('POST', '/api/pods/failed', podReport({ ...change }));

it('logs of a failing pod, by container and run, cut to their end', async () => {
  const wire = await startWire();
  await report(wire, captured);
  const ask = (query = '') => wire.read.call('GET', `/api/pods/shop/web-1/logs${query}`);
  const answer = { pod_name: 'web-1', namespace: 'shop', container: 'web', containers: ['web', 'proxy', 'idle'], previous: false };
  compare(await ask(), { status: 200, body: { ...answer, tail_lines: 100, logs: lines.slice(-100).join('\n') } });
  compare(await ask('?container=web&tail_lines=5000&previous=false'), { status: 200, body: { ...answer, tail_lines: 5000, logs: lines.join('\n') } });
  compare(await ask('?previous=true&tail_lines=1'), { status: 200, body: { ...answer, tail_lines: 1, previous: true, logs: 'the run before' } });
  compare(await ask('?container=proxy'), { status: 200, body: { ...answer, container: 'proxy', logs: 'of the proxy' } });
  compare(await ask('?container=idle'), { status: 200, body: { ...answer, container: 'idle', logs: '' } });
  compare(await ask('?container=other'), refusal(400, expect.stringContaining('web, proxy, idle')));
  for (const query of ['?tail_lines=0', '?tail_lines=5001', '?tail_lines=many', '?previous=perhaps']) compare(await ask(query), invalid);
  compare(await wire.nobody.call('GET', '/api/pods/shop/web-1/logs'), refusal(401, 'Authentication required'));
  compare(await wire.service.call('GET', '/api/pods/shop/web-1/logs'), refusal(401, 'Authentication required'));
});

it('the lines of a report serve where nothing was captured, also after the pod has recovered', async () => {
  const wire = await startWire();
  await report(wire, { logs: 'first\nlast words' });
  await wire.service.call('POST', '/api/pods/dismiss-deleted', { namespace: 'shop', pod_name: 'web-1' });
  compare(await wire.read.call('GET', '/api/pods/shop/web-1/logs?tail_lines=1'), {
    status: 200,
    body: { container: 'web', containers: ['web'], logs: 'last words', tail_lines: 1, previous: false },
  });
});

it('logs of other pods are not read in the cluster', async () => {
  const wire = await startWire();
  await report(wire, {});
  for (const pod of ['kube-system/kure-monitor-agent', 'shop/web-2', 'other/web-1']) {
    const answer = await wire.read.call('GET', `/api/pods/${pod}/logs`);
    compare(answer, { status: 200 }, ours('pod-logs', refusal(404, expect.stringContaining('No failure of this pod is known'))));
  }
});

it('the manifest of a failing pod is the one that was reported', async () => {
  const wire = await startWire();
  await report(wire, { manifest: 'kind: Pod' });
  await report(wire, { manifest: '', pod_name: 'web-2' });
  const ask = (pod: string) => wire.read.call('GET', `/api/pods/shop/${pod}/manifest`);
  const notImplemented = { status: 200, body: { error: expect.any(String) } };
  compare(await ask('web-1'), notImplemented, ours('pod-manifest', { status: 200, body: { pod_name: 'web-1', namespace: 'shop', manifest: 'kind: Pod' } }));
  for (const pod of ['web-2', 'web-3']) compare(await ask(pod), notImplemented, ours('pod-manifest', refusal(404, expect.any(String))));
});

it('the life of mirror pods is kept in seconds', async () => {
  const { read, write } = await startWire();
  const url = '/api/admin/settings/mirror-ttl';
  compare(await read.call('GET', url), { status: 200, body: { seconds: 180 } });
  compare(await write.call('PUT', url, { seconds: 3_600 }), { status: 200, body: { seconds: 3_600 } });
  compare(await read.call('GET', url), { status: 200, body: { seconds: 3_600 } });
  for (const seconds of [29, 3_601, 'long']) compare(await write.call('PUT', url, { seconds }), { status: 400 }, ours('schema-422', invalid));
  compare(await read.call('PUT', url, { seconds: 60 }), refusal(403, 'Write access required'));
});
