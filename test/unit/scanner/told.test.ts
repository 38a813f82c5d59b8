import { beforeEach, describe, expect, test } from 'vitest';
import type { FindingReport } from '../../../shared/contract/security.ts';
import type { Finding, Resource } from '../../../scanner/finding.ts';
import { ToldFindings } from '../../../scanner/told.ts';

const pod: Resource = { type: 'Pod', namespace: 'shop', name: 'web-0' };

let told: ToldFindings;

beforeEach(() => {
  told = new ToldFindings();
});

function given(...titles: string[]): Finding[] {
  return titles.map((title) => ({ title, severity: 'high', category: 'Security', description: '', remediation: '' }));
}

function say(...titles: string[]) {
  return told.change(pod, given(...titles), (finding) => ({ title: finding.title }) as FindingReport);
}

/** Lists findings as `given` makes them. */
function learn(...titles: string[]): Resource[] {
  return learnFindings(given(...titles));
}

function learnFindings(findings: readonly Finding[], before = told.arrived(() => false)): Resource[] {
  return told.learn(findings.map((finding) => ({ resource: pod, finding })), before);
}

/** `DELETE` or the title posted, for each request. */
async function requestsOf(message: ReturnType<typeof say>): Promise<string[]> {
  const requests = (await message?.requests()) ?? [];
  return requests.map(({ method, body }) => (method === 'DELETE' ? method : (body as FindingReport).title));
}

describe('a resource', () => {
  test('without findings is not spoken of', () => {
    expect(say()).toBeUndefined();
  });

  test('with new findings has them posted, and nothing deleted', async () => {
    expect(await requestsOf(say('a', 'b'))).toEqual(['a', 'b']);
    expect(say('a', 'b')).toBeUndefined();
    expect(await requestsOf(say('a', 'b', 'c'))).toEqual(['a', 'b', 'c']);
  });

  test('that lost a finding has all deleted and the others posted again', async () => {
    say('a', 'b')?.onDelivered?.();
    expect(await requestsOf(say('b'))).toEqual(['DELETE', 'b']);
  });

  test('that is gone has its findings deleted by its own name, and is forgotten when that is delivered', async () => {
    say('a')?.onDelivered?.();
    const message = say();
    expect(await message?.requests()).toEqual([
      { method: 'DELETE', path: '/api/security/findings/resource/Pod/shop/web-0' },
    ]);
    expect(told.size).toBe(1);
    message?.onDelivered?.();
    expect(told.size).toBe(0);
    expect(say()).toBeUndefined();
  });

  test('whose deletion was replaced before it was delivered is deleted then', async () => {
    say('a')?.onDelivered?.();
    say();
    expect(await requestsOf(say('b'))).toEqual(['DELETE', 'b']);
  });

  test('is not believed clean because an older message arrived', async () => {
    const older = say('a');
    say('b');
    older?.onDelivered?.();
    expect(await requestsOf(say('c'))).toEqual(['DELETE', 'c']);
  });
});

test('a resource is not forgotten because an older deletion arrived while a newer message waits', async () => {
  say('a')?.onDelivered?.();
  const deletion = say();
  say('b');
  deletion?.onDelivered?.();
  expect(await requestsOf(say())).toEqual(['DELETE']);
});

describe('after a restart', () => {
  test('what the backend has is not posted again', () => {
    expect(learn('a', 'b')).toEqual([pod]);
    expect(say('b', 'a')).toBeUndefined();
  });

  test('what it lacks is posted without deleting anything', async () => {
    learn('a');
    expect(await requestsOf(say('a', 'b'))).toEqual(['a', 'b']);
  });

  test('what is not true any more is deleted', async () => {
    learn('a', 'b');
    expect(await requestsOf(say('b'))).toEqual(['DELETE', 'b']);
    learn('a');
    expect(await requestsOf(say('c'))).toEqual(['DELETE', 'c']);
  });

  test('what it has lost is posted again', async () => {
    say('a')?.onDelivered?.();
    learn();
    expect(await requestsOf(say('a'))).toEqual(['a']);
  });

  test.each(['severity', 'category', 'description'])('what it has with another %s is posted, and nothing deleted', async (field) => {
    const [a, b] = given('a', 'b');
    learnFindings([a!, { ...b!, [field]: 'another' }]);
    expect(await requestsOf(say('a', 'b'))).toEqual(['a', 'b']);
  });
});

test('a rescan posts everything again', async () => {
  say('a', 'b')?.onDelivered?.();
  told.doubt();
  expect(await requestsOf(say('a', 'b'))).toEqual(['a', 'b']);
});

describe('a list that is older than a message', () => {
  test('takes nothing back that was on its way', async () => {
    say('a');
    const before = told.arrived(() => true);
    learnFindings([], before);
    expect(await requestsOf(say())).toEqual(['DELETE']);
  });

  test('takes nothing back that was said meanwhile', async () => {
    say('a')?.onDelivered?.();
    const before = told.arrived(() => false);
    say('b');
    learnFindings(given('a'), before);
    expect(await requestsOf(say())).toEqual(['DELETE']);
  });
});
