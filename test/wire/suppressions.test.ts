/** Section 2.5 of the wire specification: the four lists. */
import { expect, it } from 'vitest';
import { findingReport, podReport } from '../unit/backend/harness.ts';
import { compare, compareValues, ours, refusal, startWire } from './wire.ts';

const lists = [
  { name: 'excluded-pods', body: { pod_name: 'web-1' }, type: 'pod_exclusion_change', on: 'excluded', off: 'included' },
  { name: 'excluded-namespaces', body: { namespace: 'shop' }, type: 'namespace_exclusion_change', on: 'excluded', off: 'included' },
  { name: 'trusted-registries', body: { registry: 'r.example' }, type: 'trusted_registry_change', on: 'added', off: 'removed' },
] as const;

const deleted = (change: object = {}) => {
  const { manifest: _, ...finding } = findingReport({ timestamp: expect.any(String) });
  return { type: 'security_finding_deleted', data: { ...finding, id: expect.any(Number), ...change } };
};

it.each(lists)('$name: put on, there, taken off, each told after it is stored', async ({ name, body, type, on, off }) => {
  const { told, write } = await startWire();
  const url = `/api/admin/${name}`;
  const item = { ...body, id: expect.any(Number), created_at: expect.any(String) };
  const [value] = Object.values(body) as [string];
  const first = await write.call('POST', url, Object.fromEntries(Object.keys(body).map((key) => [key, ` ${value} `])));
  compare(first, { status: 200, body: item });
  compareValues(told(), [{ type, data: { ...body, action: on } }]);
  compare(await write.call('POST', url, body), { status: 200, body: first.json<object>() });
  compare(await write.call('GET', url), { status: 200, body: [item] });
  compare(await write.call('POST', url, Object.fromEntries(Object.keys(body).map((key) => [key, '  ']))), refusal(400, expect.any(String)));
  told();
  compare(await write.call('DELETE', `${url}/${value}`), { status: 200, body: { message: expect.any(String) } });
  compareValues(told(), [{ type, data: { ...body, action: off } }]);
  compare(await write.call('DELETE', `${url}/${value}`), refusal(404, expect.any(String)));
  compareValues(told(), []);
});

it('the lists are in the order of their names', async () => {
  const { service, write } = await startWire();
  const columns = { 'excluded-pods': 'pod_name', 'excluded-namespaces': 'namespace', 'excluded-rules': 'rule_title', 'trusted-registries': 'registry' };
  for (const [name, column] of Object.entries(columns)) {
    const url = `/api/admin/${name}`;
    for (const value of ['b', 'c', 'a']) await write.call('POST', url, { [column]: value });
    compare(await write.call('GET', url), { status: 200, body: ['a', 'b', 'c'].map((value) => ({ [column]: value })) });
  }
  const rules = '/api/admin/excluded-rules';
  for (const namespace of ['till', 'shop']) await write.call('POST', rules, { rule_title: 'b', namespace });
  compare(await write.call('GET', rules), { status: 200, body: [{}, { namespace: null }, { namespace: 'shop' }, { namespace: 'till' }, {}] });
  for (const pod_name of ['z', 'y', 'x']) await service.call('POST', '/api/pods/failed', podReport({ pod_name }));
  await service.call('POST', '/api/pods/failed', podReport({ pod_name: 'y', namespace: 'till' }));
  compare(await write.call('GET', '/api/admin/monitored-pods'), { status: 200, body: ['x', 'y', 'y', 'z'].map((pod_name) => ({ pod_name })) });
});

it('rules are excluded in one namespace or, with null, in all of them, also with a slash in the title', async () => {
  const { read, service, told, write } = await startWire();
  const url = '/api/admin/excluded-rules';
  for (const title of ['A/B', 'A/B: web', 'A/Bar']) await service.call('POST', '/api/security/findings', findingReport({ title }));
  told();
  compare(await write.call('POST', url, { rule_title: 'A/B' }), { status: 200, body: { rule_title: 'A/B', namespace: null, created_at: expect.any(String) } });
  const change = { type: 'rule_exclusion_change', data: { rule_title: 'A/B', namespace: null, action: 'excluded' } };
  compareValues(told(), [deleted({ title: 'A/B' }), deleted({ title: 'A/B: web' }), change]);
  compare(await read.call('GET', '/api/security/findings'), { status: 200, body: [{ title: 'A/Bar' }] });
  compare(await write.call('POST', url, { rule_title: 'A/B', namespace: 'shop' }), { status: 200, body: { namespace: 'shop' } });
  compare(await write.call('DELETE', `${url}/${encodeURIComponent('A/B')}?namespace=shop`), { status: 200 });
  compare(await write.call('GET', url), { status: 200, body: [{ rule_title: 'A/B', namespace: null }] });
  compare(await write.call('DELETE', `${url}/${encodeURIComponent('A/B')}`), { status: 200 });
  compare(await write.call('DELETE', `${url}/${encodeURIComponent('A/B')}`), refusal(404, expect.any(String)));
  compare(await write.call('POST', url, { rule_title: ' ' }), refusal(400, expect.any(String)));
});

it('what is excluded goes out of sight, and whoever looks is told of each', async () => {
  const { read, service, told, write } = await startWire();
  for (const namespace of ['shop', 'till', 'bank']) await service.call('POST', '/api/security/findings', findingReport({ namespace }));
  told();
  await write.call('POST', '/api/admin/excluded-namespaces', { namespace: 'shop' });
  compare(await read.call('GET', '/api/security/findings'), { status: 200, body: [{ namespace: 'bank' }, { namespace: 'till' }] });
  compareValues(told(), [deleted(), { type: 'namespace_exclusion_change' }]);
  await write.call('POST', '/api/admin/excluded-rules', { rule_title: 'Runs as root', namespace: 'till' });
  compare(await read.call('GET', '/api/security/findings'), { status: 200, body: [{ namespace: 'bank' }] });
  compareValues(told(), [deleted({ namespace: 'till' }), { type: 'rule_exclusion_change' }]);
  await service.call('POST', '/api/pods/failed', podReport());
  told();
  await write.call('POST', '/api/admin/excluded-pods', { pod_name: 'web-1' });
  const resolved = { type: 'pod_status_change', data: { pod_name: 'web-1', status: 'resolved' } };
  const change = { type: 'pod_exclusion_change' };
  compareValues(told(), [{ type: 'pod_deleted', data: { namespace: 'shop', pod_name: 'web-1' } }, change], ours('excluded-pod-history', [resolved, change]));
  compare(await read.call('GET', '/api/pods/failed'), { status: 200, body: [] });
  compare(await read.call('GET', '/api/pods/history'), { status: 200, body: [] }, ours('excluded-pod-history', { status: 200, body: [{ pod_name: 'web-1', status: 'resolved' }] }));
});

it('a dismissed finding of an excluded namespace is kept', async () => {
  const { read, service, write } = await startWire();
  await service.call('POST', '/api/security/findings', findingReport());
  await write.call('DELETE', '/api/security/findings/1');
  await write.call('POST', '/api/admin/excluded-namespaces', { namespace: 'shop' });
  compare(await read.call('GET', '/api/security/findings/1/manifest'), refusal(404, expect.any(String)), ours('dismissed-stays', { status: 200 }));
});

it('findings of a registry go when it is trusted, and no others', async () => {
  const { read, service, told, write } = await startWire();
  const titles = ['Image from untrusted registry: web', 'Runs as root: web'];
  for (const registry of ['r.example', 'rx.example', 'sr.example']) {
    for (const title of titles) {
      const description = `Container 'web' runs image 'web:1' from registry '${registry}', which is not a trusted one.`;
      await service.call('POST', '/api/security/findings', findingReport({ resource_name: registry, title, description }));
    }
  }
  await write.call('DELETE', '/api/security/findings/3');
  told();
  for (const registry of ['r.example', 'rx.example', '_r.example', '%.example']) await write.call('POST', '/api/admin/trusted-registries', { registry });
  compareValues(told(), [
    deleted({ resource_name: 'r.example', title: titles[0], description: expect.any(String) }),
    ...Array.from({ length: 4 }, () => ({ type: 'trusted_registry_change' })),
  ]);
  const left = [['sr.example', titles[1]], ['sr.example', titles[0]], ['rx.example', titles[1]], ['r.example', titles[1]]];
  compare(await read.call('GET', '/api/security/findings'), { status: 200, body: left.map(([resource_name, title]) => ({ resource_name, title })) });
});

it('a registry is a host in lower case', async () => {
  const { write } = await startWire();
  const trust = (registry: string) => write.call('POST', '/api/admin/trusted-registries', { registry });
  compare(await trust('R.Example'), { status: 200, body: { registry: 'r.example' } });
  for (const registry of ['r.example/team', 'r.example:5000']) compare(await trust(registry), { status: 200 }, ours('registry-host', refusal(400, expect.any(String))));
});

it('what was seen can be chosen from, and what is over or dismissed cannot', async () => {
  const { service, write } = await startWire();
  for (const namespace of ['over', 'ignored']) await service.call('POST', '/api/pods/failed', podReport({ namespace }));
  await service.call('POST', '/api/pods/dismiss-deleted', { namespace: 'over', pod_name: 'web-1' });
  await write.call('DELETE', '/api/pods/failed/2');
  await service.call('POST', '/api/security/findings', findingReport({ namespace: 'dismissed', title: 'Seen enough' }));
  await write.call('DELETE', '/api/security/findings/1');
  await service.call('POST', '/api/pods/failed', podReport({ namespace: 'till' }));
  await service.call('POST', '/api/security/findings', findingReport());
  compare(await write.call('GET', '/api/admin/namespaces'), { status: 200, body: ['shop', 'till'] });
  compare(await write.call('GET', '/api/admin/rule-titles'), { status: 200, body: ['Runs as root', 'Runs as root: web'] });
  compare(await write.call('GET', '/api/admin/rule-titles?namespace=till'), { status: 200, body: [] });
  compare(await write.call('GET', '/api/admin/monitored-pods'), { status: 200, body: [{ pod_name: 'web-1', namespace: 'till' }] });
});
