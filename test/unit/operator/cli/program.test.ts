import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { exitCodes } from '../../../../operator/cli/exit.ts';
import { commandNames, run, runUntil } from './run.ts';

const page = readFileSync(join(import.meta.dirname, '../../../../docs/command-line.md'), 'utf8');

const folder = mkdtempSync(join(tmpdir(), 'kure-command-line-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A path. JSON is YAML. */
function kubeconfigOf(server: Server): string {
  const { port } = server.address() as AddressInfo;
  const file = join(folder, `${port}.json`);
  const cluster = { server: `http://127.0.0.1:${port}`, 'insecure-skip-tls-verify': true };
  const context = { cluster: 'c', user: 'u' };
  writeFileSync(file, JSON.stringify({ clusters: [{ name: 'c', cluster }], users: [{ name: 'u', user: {} }], contexts: [{ name: 'x', context }], 'current-context': 'x' }));
  return file;
}

/** As the page shows it: the command line, then what it prints. */
function block(args: readonly string[], help: string): string {
  const lines = [`$ ${['kure-bootstrap', ...args].join(' ')}`, ...help.trimEnd().split('\n')];
  return lines.map((line) => (line === '' ? '' : `    ${line}`)).join('\n');
}

describe('the help', () => {
  it.each([[[]], ...commandNames.map((name) => [[name]])])('of %j is on the page, word for word', async (names) => {
    const args = [...names, '--help'];
    const { code, out } = await run(...args);
    expect(code).toBe(0);
    expect(page).toContain(block(args, out));
  });

  it.each(commandNames)('of %s has one line of purpose, one example and its exit codes', async (name) => {
    const { out } = await run(name, '--help');
    const [usage, , ...rest] = out.split('\n');
    expect(usage).toMatch(new RegExp(`^Usage: kure-bootstrap ${name}`));
    expect(rest[1], 'the purpose fits on its line').toBe('');
    expect(out.match(/^Example:\n {2}.*kure-bootstrap .*$/gm)).toHaveLength(1);
    expect(out).toMatch(/^Exit codes:\n {2}0 {2}.+\n {2}1 {2}.+\n {2}2 {2}/m);
  });

  it('says what every exit code means in one table of the page', () => {
    const codes = [...page.matchAll(/^\| (\d) \| /gm)].map(([, code]) => Number(code));
    expect(codes).toEqual(Object.values(exitCodes));
  });

  it('of everything lists every command', async () => {
    const { out } = await run('--help');
    expect([...out.matchAll(/^ {2}([a-z]+)[ [<]/gm)].map(([, name]) => name)).toEqual(commandNames);
  });
});

it('says its version, which is that of the chart', async () => {
  const chart = readFileSync('chart/Chart.yaml', 'utf8');
  expect(await run('--version')).toMatchObject({ code: 0, out: `${/^appVersion: "?([^"\n]+)/m.exec(chart)?.[1]}\n` });
});

describe('a mistake', () => {
  it.each([
    ['an unknown command', ['dance'], "unknown command 'dance'"],
    ['an unknown option', ['status', '--loud'], "unknown option '--loud'"],
    ['an unknown key', ['rotate', 'password'], 'Allowed choices are service-token, session-secret, encryption-key'],
    ['a missing argument', ['retire', '--now'], "missing required argument 'generation'"],
    ['an unknown format', ['status', '--output', 'xml'], 'Allowed choices are text, json'],
    ['too many arguments', ['history', 'please'], 'too many arguments'],
  ])('as %s ends with exit code 2 and says what to do next', async (_what, args, message) => {
    const { code, out, error } = await run(...args);
    expect({ code, out }).toEqual({ code: exitCodes.usage, out: '' });
    expect(error).toContain(message);
    expect(error).toContain('Run `kure-bootstrap --help`');
  });

  it('in a duration ends with exit code 2 and says how to write one', async () => {
    const { code, error } = await run('rotate', '--timeout', 'soon');
    expect(code).toBe(exitCodes.usage);
    expect(error).toContain('write it as 90s, 15m or 2h');
  });

  it('as an option that the operator would not heed ends with exit code 2, before it works on what was not meant', async () => {
    const { code, error } = await run('operator', '--namespace', 'there', '--context', 'test');
    expect(code).toBe(exitCodes.usage);
    expect(error).toContain('leave out --namespace, --context and set POD_NAMESPACE, RELEASE or KUBECONFIG');
  });

  it('in a command beside a namespace with the name of one is told from it', async () => {
    const { code, error } = await run('--namespace', 'operator', 'statsu');
    expect(code).toBe(exitCodes.usage);
    expect(error).toContain('Did you mean status?');
  });

  it('as no command at all shows the help', async () => {
    const { code, error } = await run();
    expect(code).toBe(exitCodes.usage);
    expect(error).toContain('Commands:');
  });

  it('in the kubeconfig ends with exit code 1', async () => {
    const { code, error } = await run('status', '--kubeconfig', '/nowhere/kubeconfig');
    expect(code).toBe(exitCodes.failure);
    expect(error).toContain('cannot read the kubeconfig');
  });
});

it('selftest is not content with the status that an uninstall has kept', async () => {
  const data = { phase: 'Stable', 'status.json': '{}', writtenAt: '2026-11-01T00:00:00.000Z' };
  const list = JSON.stringify({ metadata: { resourceVersion: '1' }, items: [{ metadata: { name: 'r-rotation', uid: 'u', resourceVersion: '1' }, data }] });
  const server = createServer(({ url = '' }, response) => {
    // Nothing can be listed to find the release, and nothing changes.
    if (url.includes('labelSelector')) response.writeHead(403);
    if (!url.includes('watch=true')) response.end(list);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const { code, out } = await run('selftest', '--release', 'r', '--timeout', '1s', '--kubeconfig', kubeconfigOf(server));
  expect(code).toBe(exitCodes.timedOut);
  expect(out).toMatch(/^ok {2}the API server answers\nno {2}an operator is at work: its last status is from \d+d.* ago\n$/);
});

describe('a failure', () => {
  it.each<[string, number, string, string]>([
    ['does not take the credentials', 401, 'Unauthorized', 'sign in again'],
    ['allows no more', 403, 'configmaps "r-rotation" is forbidden: User "me" cannot get resource "configmaps"', 'kubectl auth can-i --list'],
    ['is in trouble', 503, 'apiserver is shutting down', 'try again in a while'],
  ])('where the API server %s ends with exit code 1 and says what to do next, and prints no document', async (_what, code, message, advice) => {
    const server = createServer((_request, response) => response.writeHead(code).end(JSON.stringify({ kind: 'Status', message })));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const ended = await run('history', '--release', 'r', '--output', 'json', '--kubeconfig', kubeconfigOf(server));
    expect(ended).toMatchObject({ code: exitCodes.failure, out: '' });
    expect(ended.error).toMatch(/^kure-bootstrap: GET .*\n$/);
    expect(ended.error).toContain(`${code} ${message}; `);
    expect(ended.error).toContain(advice);
  });

  it('to find the release names the namespace that it looked in: with an empty name, as of an unset variable, that of the context', async () => {
    const server = createServer((_request, response) => response.end('{"items":[]}'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const { code, error } = await run('status', '--namespace', '', '--release', '', '--context', '', '--kubeconfig', kubeconfigOf(server));
    expect(code).toBe(exitCodes.usage);
    expect(error).toContain('there is no release in the namespace default: name another one with --namespace');
  });

  it('to get an answer ends at once when a person ends the program, and names what was under way', async () => {
    const stopping = new AbortController();
    const server = createServer(() => stopping.abort(new Error('stopped by SIGINT')));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const startedAt = performance.now();
    const { code, error } = await runUntil(stopping.signal, 'history', '--release', 'r', '--kubeconfig', kubeconfigOf(server));
    expect(performance.now() - startedAt).toBeLessThan(10_000); // without it a call takes 30 seconds
    expect(code).toBe(exitCodes.failure);
    expect(error).toMatch(/^kure-bootstrap: stopped by SIGINT; GET .*: the call was given up\n$/);
  });

  it('to reach the API server at all says so', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const file = kubeconfigOf(server);
    await new Promise((resolve) => server.close(resolve));
    const { code, error } = await run('status', '--kubeconfig', file);
    expect(code).toBe(exitCodes.failure);
    expect(error).toContain('ECONNREFUSED');
    expect(error).toContain('is it the right context?');
  });
});
