import { describe, expect, it, test } from 'vitest';
import { brokenRules } from '../../scale/harness/audit-rules.ts';
import type { AuditedWrite } from '../../scale/harness/audit-trail.ts';

const other = (verb: string, what: string): AuditedWrite => ({ by: 'other', verb, what });
const operator = (verb: string, what: string): AuditedWrite => ({ by: 'operator', verb, what });

const keyring = operator('patch', 'secrets/kure-monitor-keyring');
const edit = other('patch', 'secrets/kure-monitor-bootstrap');
const backend = operator('patch', 'deployments/backend');
const agent = operator('patch', 'daemonsets/agent');
const scanner = operator('patch', 'deployments/scanner');
const began = (pod: string) => other('create', `pods/${pod}/binding`);
const deleted = (pod: string) => other('delete', `pods/${pod}`);
/** Its controller lets it terminate, and its node says that it has gone. */
const ended = (pod: string) => [deleted(pod), deleted(pod)];

const begin = [other('create', 'secrets/kure-monitor-bootstrap'), began('backend-1'), began('agent-1'), began('scanner-1'), operator('create', 'secrets/')];
/** From pods with the number `turn` to the next ones. */
const moved = (turn: number) => ['agent', 'scanner'].flatMap((name) => [began(`${name}-${turn + 1}`), ...ended(`${name}-${turn}`)]);
const verified = [keyring, backend, began('backend-2'), ...ended('backend-1')];
const rotation = [edit, ...verified, agent, scanner, ...moved(1), keyring, keyring];

describe('the order of a rotation', () => {
  test.each([
    ['nothing but an adoption', begin],
    ['one rotation', [...begin, ...rotation]],
    ['two rotations', [...begin, ...rotation, edit, keyring, backend, agent, scanner, ...moved(2), keyring, keyring]],
    ['a second edit while the first one is rolled out', [...begin, edit, ...verified, agent, scanner, edit, keyring, backend, agent, scanner, ...moved(1), ...moved(2), keyring, keyring]],
    ['another key that ends while presenters move', [...begin, edit, ...verified, keyring, keyring, agent, scanner, ...moved(1), keyring, keyring]],
  ])('is kept by %s', (_, trail) => {
    expect(brokenRules(trail)).toEqual([]);
  });
});

describe('a presenter that is stamped too early is found:', () => {
  it('before the edit was recorded', () => {
    const trail = [...begin, edit, backend, agent, scanner, ...moved(1), keyring, keyring];
    expect(brokenRules(trail)).toEqual(['agent was stamped before the keyring held the edit', 'scanner was stamped before the keyring held the edit']);
  });

  it('before a second edit was recorded', () => {
    const trail = [...begin, edit, ...verified, agent, scanner, edit, backend, agent, scanner, ...moved(1), ...moved(2), keyring, keyring];
    expect(brokenRules(trail)).toEqual(['agent was stamped before the keyring held the edit', 'scanner was stamped before the keyring held the edit']);
  });

  it('before the verifier was', () => {
    expect(brokenRules([...begin, edit, keyring, agent, backend, scanner, ...moved(1), keyring, keyring])).toEqual(['agent was stamped before the backend']);
  });

  it('in a second rotation, by the record of the first one', () => {
    const trail = [...begin, ...rotation, edit, backend, scanner, began('scanner-3'), ...ended('scanner-2'), keyring, keyring];
    expect(brokenRules(trail)).toEqual(['scanner was stamped before the keyring held the edit']);
  });

  it('in a second rotation, after the verifier of the first one', () => {
    const trail = [...begin, ...rotation, edit, keyring, scanner, backend, began('scanner-3'), ...ended('scanner-2'), keyring, keyring];
    expect(brokenRules(trail)).toEqual(['scanner was stamped before the backend']);
  });
});

describe('a value that is retired too early is found:', () => {
  it('before the last presenter was stamped', () => {
    expect(brokenRules([...begin, edit, ...verified, agent, ...moved(1), keyring, scanner, keyring])).toEqual([
      'the keyring was not written twice after scanner was stamped for the last time',
    ]);
  });

  it.each([
    ['began to terminate before the commit', [keyring, ...ended('scanner-1'), keyring]],
    ['was terminating, and had gone by the commit', [deleted('scanner-1'), keyring, deleted('scanner-1'), keyring]],
    ['was terminating at the end', [deleted('scanner-1'), keyring, keyring, deleted('scanner-1')]],
  ])('while a pod was there that %s', (_, end) => {
    const trail = [...begin, edit, ...verified, agent, scanner, began('agent-2'), ...ended('agent-1'), began('scanner-2'), ...end];
    expect(brokenRules(trail)).toEqual(['an older value was retired while scanner-1 was still there']);
  });

  it('while a pod was still there after the commit', () => {
    const trail = [...begin, edit, ...verified, agent, scanner, began('agent-2'), began('scanner-2'), ...ended('scanner-1'), keyring, keyring, ...ended('agent-1')];
    expect(brokenRules(trail)).toEqual(['an older value was retired while agent-1 was still there']);
  });

  it('by an eviction that was only asked for', () => {
    const trail = [...begin, edit, ...verified, agent, scanner, ...moved(1), began('scanner-3'), scanner, other('create', 'pods/scanner-3/eviction'), keyring, keyring];
    expect(brokenRules(trail)).toContain('an older value was retired while scanner-3 was still there');
  });
});
