/** Sections 2.5 and 2.7 of the wire specification: what language models are asked for. */
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { record } from '../fixtures/given.ts';
import { fakeModel, refuse, say, type FakeModel, type Reply } from '../fixtures/language-model.ts';
import { findingReport, podReport } from '../unit/backend/harness.ts';
import { compare, compareValues, invalid, ours, refusal, startWire, type Wire } from './wire.ts';

const text = expect.any(String);
const explanation = 'The image has no such command: mend spec.containers[0].command.';
const failure_logs = {
  version: 1,
  encoding: 'gzip+base64',
  containers: { web: { previous: { data: gzipSync('exec: web: not found').toString('base64'), original_size: 20, lines: 1, truncated: false }, current: null, error: null } },
};

/** A failed pod, id 1, a finding, id 1, and a model that says these. */
async function start(...answers: readonly Reply[]): Promise<Wire & { model: FakeModel }> {
  const wire = await startWire({ outboundAllow: ['127.0.0.1'] });
  wire.backend.encryptionKeys.sawKeyring(record(['key']), '1');
  const model = await fakeModel(...answers);
  await wire.admin.call('POST', '/api/admin/llm/config', configOf(model));
  await wire.service.call('POST', '/api/pods/failed', podReport({ failure_logs }));
  await wire.service.call('POST', '/api/security/findings', findingReport());
  wire.told();
  return { ...wire, model };
}

const configOf = (model: FakeModel) => ({ provider: 'ollama', api_key: 'unused', model: 'llama3.2', base_url: model.url });

it('a solution by a language model is stored, shown in the list and broadcast', async () => {
  const { write, read, told } = await start(say(explanation));
  const explained = { id: 1, pod_name: 'web-1', status: 'new', solution: explanation, auto_solution_mode: 'quick' };
  compare(await write.call('POST', '/api/pods/failed/1/retry-solution'), { status: 200, body: explained });
  compareValues(told(), [{ type: 'pod_solution_updated', data: explained }]);
  compare(await read.call('GET', '/api/pods/failed'), { status: 200, body: [explained] });
  compare(await write.call('POST', '/api/pods/failed/999/retry-solution'), refusal(404, text));
  compare(await read.call('POST', '/api/pods/failed/1/retry-solution'), refusal(403, 'Write access required'));
});

it('a solution by a language model outlives the next report', async () => {
  const { service, write } = await start(say(explanation));
  await write.call('POST', '/api/pods/failed/1/retry-solution');
  const again = await service.call('POST', '/api/pods/failed', podReport());
  compare(again, { status: 200, body: { id: 1, solution: expect.not.stringContaining(explanation) } }, ours('solution-stays', { status: 200, body: { id: 1, solution: explanation } }));
});

it('no model is asked before somebody asks', async () => {
  const { model } = await start(say(explanation));
  compareValues(model.asked, { length: 1 }, ours('asked-by-people', { length: 0 }));
});

it('where the model does not answer there is a solution by rules', async () => {
  const { write, told, read } = await start(say(explanation), refuse(500, 'overloaded'));
  await write.call('POST', '/api/pods/failed/1/retry-solution');
  told();
  compare(await write.call('POST', '/api/pods/failed/1/retry-solution'), { status: 200, body: { id: 1, solution: text } });
  compareValues(told(), [{ type: 'pod_solution_updated' }], ours('failed-retry', []));
  compare(await read.call('GET', '/api/pods/failed'), { status: 200, body: [{ solution: explanation }] });
});

it('without a language model there is a solution by rules, too', async () => {
  const { admin, write } = await start();
  await admin.call('DELETE', '/api/admin/llm/config');
  compare(await write.call('POST', '/api/pods/failed/1/retry-solution'), { status: 200, body: { id: 1, solution: text } });
});

it('logs are looked into once, and anew if that is asked for', async () => {
  const { write, read, told, model } = await start(say('first'), say('second'));
  const troubleshoot = (query = '') => write.call('POST', `/api/pods/failed/1/troubleshoot${query}`);
  compare(await troubleshoot(), { status: 200, body: { solution: 'first', generated_at: text, cached: false, log_aware: true } });
  compareValues(told(), [{ type: 'pod_troubleshoot_updated', data: { pod_id: 1, solution: 'first', generated_at: text } }]);
  compare(await troubleshoot(), { status: 200, body: { solution: 'first', generated_at: text, cached: true, log_aware: true } });
  compare(await troubleshoot('?regenerate=true'), { status: 200, body: { solution: 'second', cached: false } });
  compare(await troubleshoot('?regenerate=perhaps'), invalid);
  compare(await read.call('GET', '/api/pods/failed'), { status: 200, body: [{ log_aware_solution: 'second', log_aware_solution_generated_at: text }] });
  expect(model.asked[0]?.body).toContain('exec: web: not found');
  compare(await write.call('POST', '/api/pods/failed/999/troubleshoot'), refusal(404, text));
});

it('logs are looked into whenever there are any', async () => {
  const { service, write } = await start(say('from the lines'));
  await service.call('POST', '/api/pods/failed', podReport({ pod_name: 'silent', logs: '' }));
  compare(await write.call('POST', '/api/pods/failed/2/troubleshoot'), refusal(404, text));
  await service.call('POST', '/api/pods/failed', podReport({ pod_name: 'other', failure_reason: 'Error', failure_logs }));
  const answered = ours('troubleshoot-logs', { status: 200, body: { solution: 'from the lines' } });
  compare(await write.call('POST', '/api/pods/failed/3/troubleshoot'), refusal(400, text), answered);
  await service.call('POST', '/api/pods/failed', podReport({ pod_name: 'uncaptured' }));
  compare(await write.call('POST', '/api/pods/failed/4/troubleshoot'), refusal(404, text), answered);
});

it('where the model does not answer about logs there is no solution', async () => {
  const { write, read } = await start(refuse(500, 'overloaded'));
  const refused = ours('failed-troubleshoot', refusal(502, text));
  compare(await write.call('POST', '/api/pods/failed/1/troubleshoot'), { status: 200, body: { solution: text, cached: false } }, refused);
  compare(await read.call('GET', '/api/pods/failed'), { status: 200, body: [{ log_aware_solution: text }] }, ours('failed-troubleshoot', { status: 200, body: [{ log_aware_solution: null }] }));
});

it('a finding gets a manifest in which it is gone, and what is different in it', async () => {
  const manifest = 'kind: Pod\nmetadata:\n  name: web-1\n';
  const { service, write } = await start(say(`\`\`\`yaml\n${manifest}spec:\n  hostPID: false\n\`\`\`\nIt shared the node's processes.`), say('I cannot.'));
  await service.call('POST', '/api/security/findings', findingReport({ title: 'Shares processes', manifest }));
  const unchanged = ['kind: Pod', 'metadata:', '  name: web-1'].map((content) => ({ content, type: 'unchanged' }));
  const added = ['spec:', '  hostPID: false'].map((content) => ({ content, type: 'added' }));
  const proposal = { finding_id: 2, original_manifest: manifest, fixed_manifest: text, diff: [...unchanged, ...added], explanation: "It shared the node's processes.", is_fallback: false };
  compare(await write.call('POST', '/api/security/findings/2/fix'), { status: 200, body: proposal });
  compare(await write.call('POST', '/api/security/findings/999/fix'), refusal(404, text));
});

it('where no model proposes anything the advice of the scanner stands', async () => {
  const { admin, service, write } = await start(refuse(500, 'overloaded'));
  const advice = { fixed_manifest: '', diff: [], explanation: 'Set runAsNonRoot', is_fallback: true };
  await service.call('POST', '/api/security/findings', findingReport({ title: 'Without a manifest', manifest: '' }));
  compare(await write.call('POST', '/api/security/findings/2/fix'), { status: 200, body: { ...advice, finding_id: 2, original_manifest: '' } });
  await admin.call('DELETE', '/api/admin/llm/config');
  compare(await write.call('POST', '/api/security/findings/1/fix'), { status: 200, body: { ...advice, finding_id: 1, original_manifest: 'kind: Pod\n' } });
});

it('values of the environment are not sent', async () => {
  const { service, write, model } = await start(say('I cannot.'));
  const manifest = 'kind: Pod\nspec:\n  containers:\n    - name: web\n      env:\n        - name: GREETING\n          value: hunter2\n';
  await service.call('POST', '/api/security/findings', findingReport({ title: 'With an environment', manifest }));
  const fix = await write.call('POST', '/api/security/findings/2/fix');
  const hidden = ours('redacted-questions', { status: 200, body: { original_manifest: manifest.replace('hunter2', "'[redacted]'") } });
  compare(fix, { status: 200, body: { original_manifest: manifest } }, hidden);
  compareValues({ body: model.asked[0]?.body }, { body: expect.stringContaining('hunter2') }, ours('redacted-questions', { body: expect.not.stringContaining('hunter2') }));
});

it('a configuration is tried without being saved, and 200 either way', async () => {
  const { admin, model } = await start(say('The pod crashes.'), refuse(401, 'no such key'));
  await admin.call('DELETE', '/api/admin/llm/config');
  const test = (config: object) => admin.call('POST', '/api/admin/llm/test', config);
  compare(await test(configOf(model)), { status: 200, body: { success: true, message: text } });
  compare(await test(configOf(model)), { status: 200, body: { success: false, message: text } });
  compare(await test({ ...configOf(model), provider: 'oracle' }), { status: 200, body: { success: false, message: text } });
  compare(await test({ provider: 'ollama' }), invalid);
  compare(await admin.call('GET', '/api/admin/llm/status'), { status: 200, body: { configured: false } });
});

it('a base URL without encryption leads to named hosts alone', async () => {
  const { admin } = await start();
  const config = { provider: 'ollama', api_key: 'unused', base_url: 'http://ollama:11434' };
  compare(await admin.call('POST', '/api/admin/llm/config', config), { status: 200 }, ours('llm-base-url', refusal(400, text)));
});

it('questions are counted and timed', async () => {
  const { nobody, write } = await start(say(explanation), refuse(500, 'overloaded'));
  for (let question = 0; question < 2; question++) await write.call('POST', '/api/pods/failed/1/retry-solution');
  const { body } = await nobody.call('GET', '/metrics');
  expect(body).toContain('kure_llm_requests_total{provider="ollama",status="success"} 1');
  expect(body).toContain('kure_llm_requests_total{provider="ollama",status="error"} 1');
  expect(body).toContain('kure_llm_request_duration_seconds_count{provider="ollama"} 2');
});
