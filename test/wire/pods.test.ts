/** Section 2.5 of the wire specification: what people do with failed pods. */
import { expect, it } from 'vitest';
import { podReport } from '../unit/backend/harness.ts';
import { compare, compareValues, invalid, ours, refusal, startWire, type Wire } from './wire.ts';

const saying = (message: unknown) => ({ status: 200, body: { message } });
const done = saying(expect.any(String));

async function report({ service, told }: Wire, pod_name = 'web-1'): Promise<number> {
  const { id } = (await service.call('POST', '/api/pods/failed', podReport({ pod_name }))).json<{ id: number }>();
  told();
  return id;
}

it('the three lists are newest first, and each pod is in one of them', async () => {
  const wire = await startWire();
  const [first, second] = [await report(wire), await report(wire, 'web-2')];
  const list = (name: string) => wire.read.call('GET', `/api/pods/${name}`);
  compare(await list('failed'), { status: 200, body: [{ id: second, status: 'new' }, { id: first, status: 'new' }] });
  await wire.write.call('DELETE', `/api/pods/failed/${first}`);
  compare(await list('ignored'), { status: 200, body: [{ id: first, status: 'ignored', dismissed: true }] });
  await wire.service.call('POST', '/api/pods/dismiss-deleted', { namespace: 'shop', pod_name: 'web-2' });
  compare(await list('history'), { status: 200, body: [{ id: second, status: 'resolved', dismissed: true }] });
  compare(await list('failed'), { status: 200, body: [] });
  await report(wire, 'web-2');
  compare(await list('history'), { status: 200, body: [] });
});

it('a repeated report changes a failure where it stands in the list', async () => {
  const wire = await startWire();
  const [first, second] = [await report(wire), await report(wire, 'web-2')];
  await report(wire);
  const upstream = { status: 200, body: [{ id: first }, { id: second }] };
  compare(await wire.read.call('GET', '/api/pods/failed'), upstream, ours('list-order', { status: 200, body: [{ id: second }, { id: first }] }));
});

it('what is resolved stays so', async () => {
  const wire = await startWire();
  const id = await report(wire);
  await wire.service.call('POST', '/api/pods/dismiss-deleted', { namespace: 'shop', pod_name: 'web-1' });
  for (const [method, url] of [['PUT', `/api/pods/ignored/${id}/restore`], ['DELETE', `/api/pods/failed/${id}`]] as const) {
    compare(await wire.write.call(method, url), done);
    compare(await wire.read.call('GET', '/api/pods/history'), { status: 200, body: [] }, ours('resolved-stays', { status: 200, body: [{ id, status: 'resolved' }] }));
  }
});

it('sentences are ours', async () => {
  const wire = await startWire();
  const id = await report(wire);
  compare(await wire.write.call('DELETE', `/api/pods/failed/${id}`), saying('Pod failure dismissed'), ours('texts', saying('Pod failure ignored until the pod recovers')));
  compare(await wire.write.call('DELETE', `/api/pods/records/${id}`), saying('Pod record deleted'), ours('texts', saying('Record deleted')));
});

it('ignoring and restoring answer 200 for unknown ids, too', async () => {
  const wire = await startWire();
  const id = await report(wire);
  compare(await wire.write.call('DELETE', `/api/pods/failed/${id}`), done);
  compare(await wire.write.call('PUT', `/api/pods/ignored/${id}/restore`), done);
  const restored = { type: 'pod_status_change', data: { id, status: 'new' } };
  compareValues(wire.told(), [restored], ours('ignored-told', [{ type: 'pod_status_change', data: { id, status: 'ignored' } }, restored]));
  compare(await wire.write.call('DELETE', '/api/pods/failed/999'), done);
  compare(await wire.write.call('PUT', '/api/pods/ignored/999/restore'), done);
  compare(await wire.write.call('DELETE', '/api/pods/failed/nine'), invalid);
});

it('a status changes only along its ways', async () => {
  const wire = await startWire();
  const id = await report(wire);
  const patch = (status: string, change: object = {}, row = id) => wire.write.call('PATCH', `/api/pods/failed/${row}/status`, { status, ...change });
  const looking = await patch('investigating', { resolution_note: 'looking' });
  compare(looking, { status: 200, body: { id, status: 'investigating', resolution_note: null } }, ours('status-note', { status: 200, body: { id, status: 'investigating', resolution_note: 'looking' } }));
  compareValues(wire.told(), [{ type: 'pod_status_change', data: { id, status: 'investigating' } }]);
  compare(await patch('new'), refusal(400, expect.any(String)));
  compare(await patch('resolved'), refusal(400, expect.any(String)), ours('schema-422', invalid));
  compare(await patch('ignored'), { status: 200, body: { status: 'ignored' } });
  compare(await patch('investigating'), refusal(400, expect.any(String)));
  compare(await patch('new'), { status: 200, body: { status: 'new' } });
  compare(await patch('ignored', {}, 999), refusal(404, expect.any(String)));
  compare(await wire.write.call('PATCH', `/api/pods/failed/${id}/status`, {}), invalid);
});

it('only resolved and ignored records are deleted', async () => {
  const wire = await startWire();
  const id = await report(wire);
  const remove = (row: number) => wire.write.call('DELETE', `/api/pods/records/${row}`);
  compare(await remove(id), refusal(400, expect.any(String)));
  await wire.write.call('DELETE', `/api/pods/failed/${id}`);
  wire.told();
  compare(await remove(id), done);
  compareValues(wire.told(), [{ type: 'pod_record_deleted', data: { id } }]);
  compare(await remove(id), refusal(404, expect.any(String)));
});
