import { describe, expect, it } from 'vitest';
import * as given from '../../../fixtures/given.ts';
import type { Plan } from '../../../../operator/model/plan.ts';
import { kinds, plan, withBootstrap, type Keys } from './planned.ts';

const contestedRecord = (target: string, made: string, lastAt: number, count: number) =>
  given.record([], {
    accepted: [given.generation(target), given.generation(made, { origin: 'rendered', recordedFrom: '17' })],
    target,
    contest: { count, lastAt: given.at(lastAt), by: 'argocd' },
  });
const contested = (lastAt: number, count = 1): Keys => ({ 'service-token': contestedRecord('token', 'made', lastAt, count) });
const sessionContested = (lastAt: number, count: number): Keys => ({
  'session-secret': contestedRecord('session', 'made-session', lastAt, count),
});

describe('a value that a renderer made up', () => {
  const keys: Keys = { 'service-token': given.record(['token']) };
  const mark = { isBlindRender: true, hasRenderMark: true };
  const made = { values: { 'service-token': given.value('made') }, editedBy: { 'service-token': 'argocd' }, ...mark };
  const only = { workloads: [given.backend({ reads: ['service-token'] }), given.agent()] };

  it('is accepted and recorded before anything else, and is no target', () => {
    const [write] = withBootstrap(keys, made, only).actions;
    const record = write?.kind === 'WriteKeyring' ? write.keyring.keys['service-token'] : undefined;
    expect(write).toMatchObject({ notices: [{ type: 'Warning', reason: 'Contested' }] });
    expect(record).toMatchObject({ target: 'token', contest: { count: 1, by: 'argocd' } });
    expect(record?.accepted.at(-1)).toMatchObject({ origin: 'rendered', value: given.value('made') });
  });

  it.each([[1, 1_000], [2, 2_000], [5, 16_000], [20, 300_000]])('the %i. time is put back after %i ms', (count, delayMs) => {
    const early = withBootstrap(contested(1 - delayMs, count), made, only);
    expect(early).toMatchObject({ phase: 'Contested', actions: [], lookAgainMs: 1 });
    expect(early.keys['service-token']?.waitingFor[0]).toContain('argocd');
    expect(withBootstrap(contested(-delayMs, count), made, only).actions).toMatchObject([
      { kind: 'WriteSource', values: { 'service-token': given.value('token') }, dropsMark: true },
    ]);
  });

  it('is put back at once where the clock that recorded it was ahead', () => {
    expect(kinds(withBootstrap(contested(7_200_000), made, only))).toEqual(['WriteSource']);
  });

  it('ends when every pod has used the target since it started; nobody is restarted for it', () => {
    const uses = [given.use('token', 'agent-0')];
    const answers = given.answers({ 'backend-0': given.attested({ accepted: ['token', 'made'], uses }) });
    const found = withBootstrap(contested(-60_000), {}, { ...only, answers, fresh: true });
    const [write] = found.actions;
    expect(kinds(found)).toEqual(['WriteKeyring']);
    const record = write?.kind === 'WriteKeyring' ? write.keyring.keys['service-token'] : undefined;
    expect(record?.accepted.map(({ name }) => name)).toEqual(['token']);
    expect(record).toMatchObject({ retired: [], committedFrom: '17' });
  });

  it('has a place among the retired where a person ended it by its name, so that nobody is told that there was none', () => {
    const requests = { pause: false, retire: 'made' };
    const answers = given.answers({ 'backend-0': given.attested({ accepted: ['token', 'made'], uses: [given.use('token', 'agent-0')] }) });
    const ended = writtenBy(withBootstrap(contested(-60_000), { requests }, { ...only, answers, fresh: true }));
    expect(ended).toMatchObject({ accepted: [{ name: 'token' }], retired: [{ name: 'made' }], committedFrom: '17' });
    expect(withBootstrap({ 'service-token': ended }, { requests, resourceVersion: '17' }, only).actions).toMatchObject([{ kind: 'WriteSource', consumed: ['retire'], notices: [] }]);
  });

  it('is taken out of the one pod that started with it', () => {
    const uses = [given.use('made', 'agent-0')];
    const answers = given.answers({ 'backend-0': given.attested({ accepted: ['token', 'made'], uses }) });
    const found = withBootstrap(contested(-60_000), {}, { ...only, answers, fresh: true });
    expect(found).toMatchObject({ phase: 'Contested', actions: [{ kind: 'WriteKeyring' }] });
    const [write] = found.actions;
    expect(write?.kind === 'WriteKeyring' && write.keyring.keys['service-token']?.repairs).toEqual([{ uid: 'uid-agent-0', owner: 'DaemonSet/agent' }]);
  });
});

const writtenBy = ({ actions: [write] }: Plan) =>
  write?.kind === 'WriteKeyring' ? write.keyring.keys['service-token']! : expect.fail('no keyring is written');
const accepting = (...names: string[]) => given.answers({ 'backend-0': given.attested({ accepted: names }) });

describe('a value made up while a rotation runs', () => {
  const made = given.generation('made', { origin: 'rendered', recordedFrom: '17' });
  const moved = [given.backend({ stamps: { 'service-token': 'new' } })];
  it('is forgotten by the verifiers when it ends, and stays so when the rotation does', () => {
    const accepted = [given.generation('old'), made, given.generation('new', { recordedFrom: '15' })];
    const keys: Keys = { 'service-token': given.record([], { accepted }), 'session-secret': given.record(['session']) };
    const retired = writtenBy(plan(given.snapshot({ keys, workloads: moved, answers: accepting('old', 'made', 'new'), fresh: true })));
    expect(retired).toMatchObject({ accepted: [{ name: 'new' }], committed: 'old', committedFrom: '17' });
    const after = given.snapshot({ keys: { ...keys, 'service-token': retired }, sources: given.sourcesOf(keys, { resourceVersion: '18' }), workloads: moved, answers: accepting('new'), fresh: true });
    expect(writtenBy(plan(after))).toMatchObject({ committed: 'new', committedFrom: '17' });
  });
});

describe('values of two keys that a renderer made up', () => {
  const mark = { isBlindRender: true, hasRenderMark: true };
  const made = { values: { 'service-token': given.value('made'), 'session-secret': given.value('made-session') }, ...mark };
  const session: Keys = { 'session-secret': given.record(['session']) };

  it('go back together as soon as one may: of a single one left the mark would say nothing', () => {
    const keys = { ...contested(-1_000), ...sessionContested(-1_000, 4) };
    expect(withBootstrap(keys, made).actions).toMatchObject([
      { kind: 'WriteSource', values: { 'service-token': given.value('token'), 'session-secret': given.value('session') }, dropsMark: true },
    ]);
  });

  it('wait for the record of both where one of them was retired before', () => {
    const token = given.record(['token'], { retired: [given.retired('made')] });
    const [first, ...others] = withBootstrap({ 'service-token': token, ...session }, made).actions;
    expect(first).toMatchObject({ kind: 'WriteKeyring', keyring: { keys: { 'session-secret': { target: 'session', accepted: [{}, { origin: 'rendered' }] } } } });
    expect(others).toEqual([]);
    expect(withBootstrap({ 'service-token': token, ...sessionContested(0, 1) }, made).actions).toMatchObject([
      { kind: 'WriteSource', values: { 'service-token': given.value('token'), 'session-secret': given.value('session') }, dropsMark: true },
    ]);
  });

  it('end together, so that whoever accepts what was made up gets all of it: the session secret waits for the token', () => {
    const unproved = withBootstrap({ ...contested(-60_000), ...sessionContested(-60_000, 1) }, {}, { fresh: true });
    expect(unproved).toMatchObject({ actions: [], keys: { 'session-secret': { waitingFor: ['the service-token of the same render to end'] } } });
    const tokenEnded = withBootstrap({ 'service-token': given.record(['token']), ...sessionContested(-60_000, 1) }, {}, { fresh: true });
    expect(tokenEnded.actions).toMatchObject([{ kind: 'WriteKeyring', keyring: { keys: { 'session-secret': { accepted: [{ name: 'session' }] } } } }]);
  });

  it('make no edit of the other where a person edits one of them: that goes back at once, and its mark after it', () => {
    const values = { 'service-token': given.value('mine'), 'session-secret': given.value('made-session') };
    const stale = { values, hasRenderMark: true };
    const [write, putBack, ...others] = withBootstrap({ ...contested(-1), ...sessionContested(-1, 4) }, stale).actions;
    expect(write).toMatchObject({ kind: 'WriteKeyring', notices: [{ reason: 'RotationStarted' }] });
    const records = write?.kind === 'WriteKeyring' ? write.keyring.keys : {};
    expect(records['service-token']?.accepted.at(-1)).toMatchObject({ origin: 'edited', value: given.value('mine') });
    expect(records['session-secret']?.target).toBe('session');
    expect(putBack).toMatchObject({ kind: 'WriteSource', values: { 'session-secret': given.value('session') } });
    expect(others).toEqual([]);
  });
});
