/** What a run of test/scale or test/delivery leaves that is killed, and the next one finds. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { kubectl } from '../../testbed/kubectl.ts';
import { givenNamespace } from '../fixtures/namespace.ts';
import { soon } from '../fixtures/soon.ts';
import { owned, ownFolder, sweep } from '../scale/harness/owner.ts';

/** This pid with another start: the process that had it before. */
const dead = `${process.pid}.1`;

const found = (kind: string, names: readonly string[]) => kubectl(['get', kind, ...names, '--ignore-not-found', '--output=name']);

it('sweeps what nobody owns any more, and nothing else', async () => {
  const [mine, others] = [await givenNamespace('mine'), await givenNamespace('others')];
  const left = { name: `left-${mine.name}` };
  await kubectl(['create', 'namespace', left.name]);
  await kubectl(['label', 'namespace', left.name, `kure.io/owner=${dead}`]);
  await kubectl(['label', 'namespace', mine.name, ...Object.entries(owned).map((pair) => pair.join('='))]);
  const roles = [left, mine].map(({ name }) => `${name}:reader`);
  onTestFinished(async () => {
    await kubectl(['delete', 'clusterrole', ...roles, '--ignore-not-found']);
    await kubectl(['delete', 'namespace', left.name, '--ignore-not-found', '--wait=false']);
  });
  for (const role of roles) await kubectl(['create', 'clusterrole', role, '--verb=get', '--resource=pods']);
  const folders = [mkdtempSync(join(tmpdir(), `kure-bootstrap-run-${dead}-`)), ownFolder()];
  onTestFinished(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

  await sweep();

  await vi.waitFor(async () => expect(await found('namespaces', [left.name])).toBe(''), soon);
  expect(await found('namespaces', [mine.name, others.name])).toBe(`namespace/${mine.name}\nnamespace/${others.name}\n`);
  expect(await found('clusterroles', roles)).toBe(`clusterrole.rbac.authorization.k8s.io/${roles[1]}\n`);
  expect(folders.map((folder) => existsSync(folder))).toEqual([false, true]);
});
