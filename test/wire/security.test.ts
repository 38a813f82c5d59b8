/** Section 2.5 of the wire specification: what people do with findings. */
import { expect, it } from 'vitest';
import { findingReport } from '../unit/backend/harness.ts';
import { compare, compareValues, ours, refusal, startWire } from './wire.ts';

const done = { status: 200, body: { message: expect.any(String) } };

it('findings are listed newest first, dismissed and restored', async () => {
  const { read, service, write } = await startWire();
  for (const title of ['one', 'two']) await service.call('POST', '/api/security/findings', findingReport({ title }));
  const list = () => read.call('GET', '/api/security/findings');
  compare(await list(), { status: 200, body: [{ id: 2, title: 'two', dismissed: false }, { id: 1, title: 'one' }] });
  compare(await write.call('DELETE', '/api/security/findings/2'), done);
  compare(await list(), { status: 200, body: [{ id: 1 }] });
  compare(await write.call('PUT', '/api/security/findings/2/restore'), done);
  compare(await list(), { status: 200, body: [{ id: 2 }, { id: 1 }] });
  compare(await write.call('DELETE', '/api/security/findings/999'), done);
  compare(await write.call('PUT', '/api/security/findings/999/restore'), done);
});

it('a finding shows its manifest', async () => {
  const { read, service } = await startWire();
  const { timestamp: _, category: __, ...shown } = findingReport({ manifest: 'kind: Pod\n' });
  await service.call('POST', '/api/security/findings', findingReport(shown));
  compare(await read.call('GET', '/api/security/findings/1/manifest'), { status: 200, body: { id: 1, ...shown } });
  compare(await read.call('GET', '/api/security/findings/999/manifest'), refusal(404, expect.any(String)));
});

it('a manifest is shown as the scanner sent it', async () => {
  const { read, service } = await startWire();
  const manifest = 'metadata:\n  name: web-1\n  uid: u-1\nkind: Pod\nstatus:\n  phase: Running\n';
  await service.call('POST', '/api/security/findings', findingReport({ manifest }));
  const cleaned = { status: 200, body: { manifest: 'kind: Pod\nmetadata:\n  name: web-1\n' } };
  compare(await read.call('GET', '/api/security/findings/1/manifest'), cleaned, ours('finding-manifest', { status: 200, body: { manifest } }));
});

it('a rescan is asked for on the WebSocket', async () => {
  const { told, write } = await startWire();
  compare(await write.call('POST', '/api/security/rescan'), done);
  compareValues(told(), [{ type: 'security_rescan_request', data: {} }]);
});
