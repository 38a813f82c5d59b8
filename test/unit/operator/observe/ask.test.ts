import { describe, expect, it } from 'vitest';
import { askVerifiers } from '../../../../operator/observe/ask.ts';
import * as given from '../../../fixtures/given.ts';
import { attestation, attests, givenVerifier, token, verifier } from './given-verifier.ts';

const { rotating } = given;
const answersOf = async (...pods: Parameters<typeof askVerifiers>[0][number][]) => Object.fromEntries(await askVerifiers(pods, rotating));

describe('a verifier', () => {
  it('is shown the newest generation, and older ones only where it refuses that', async () => {
    const knowsBoth = await givenVerifier(attests);
    const knowsOld = await givenVerifier((request, response) => {
      if (token(request) === given.value('old')) attests(request, response);
      else response.writeHead(401).end();
    });
    const answers = await answersOf(verifier('a', knowsBoth.port), verifier('b', knowsOld.port));
    expect(answers).toEqual({ a: { attestation }, b: { attestation } });
    expect(knowsBoth.presented).toEqual([given.value('new')]);
    expect(knowsOld.presented).toEqual([given.value('new'), given.value('old')]);
  });

  it('is not asked unless it is live, ready and to stay', async () => {
    const { port, presented } = await givenVerifier(attests);
    const answers = await answersOf(
      verifier('presenter', port, { role: 'presenter' }),
      verifier('single', port, { verify: 'single' }),
      verifier('starting', port, { ready: false }),
      verifier('going', port, { terminating: true }),
    );
    expect({ answers, presented }).toEqual({ answers: {}, presented: [] });
  });

  it('may have an IPv6 address', async () => {
    const { port } = await givenVerifier(attests, '::1');
    expect(await answersOf(verifier('a', port, { addresses: ['::1'] }))).toEqual({ a: { attestation } });
  });

  it.each<[string, string, Parameters<typeof givenVerifier>[0]]>([
    ['refuses every generation', 'it accepts none of our generations', (_request, response) => void response.writeHead(401).end()],
    ['fails', 'status 503', (_request, response) => void response.writeHead(503).end()],
    ['answers in another shape', 'an answer of an unknown shape', (_request, response) => void response.end('{"instance":1}')],
    ['answers what it was told', 'an answer of an unknown shape', (request, response) => void response.end(String(token(request)))],
    ['hangs up', 'socket hang up', (request) => void request.destroy()],
  ])('that %s leaves a reason without a value', async (_name, failure, answer) => {
    const { port } = await givenVerifier(answer);
    expect(await answersOf(verifier('a', port))).toEqual({ a: { failure } });
  });

  it('that has no address, or is not there, leaves a reason', async () => {
    expect(await answersOf(verifier('a', 1, { addresses: [] }), verifier('b', 1))).toEqual({
      a: { failure: 'it has no address yet' },
      b: { failure: 'connect ECONNREFUSED 127.0.0.1:1' },
    });
  });
});

describe('many verifiers', () => {
  it('are asked at once, and one that never answers holds back nobody for longer than two seconds', async () => {
    const { port } = await givenVerifier(attests);
    const silent = await givenVerifier(() => {});
    const stalled = await givenVerifier((_request, response) => void response.writeHead(200).write('{'));
    const startedAt = performance.now();
    const answers = await answersOf(verifier('silent', silent.port), verifier('stalled', stalled.port), verifier('well', port));
    const failure = 'no answer within 2 seconds';
    expect(answers).toEqual({ silent: { failure }, stalled: { failure }, well: { attestation } });
    expect(performance.now() - startedAt).toBeLessThan(4_000); // which two take one after the other
  });

  it('are asked over 16 connections at most', async () => {
    let waiting = 0;
    let most = 0;
    const { port } = await givenVerifier((request, response) => {
      most = Math.max(most, ++waiting);
      const answer = () => {
        waiting -= 1;
        attests(request, response);
      };
      setTimeout(answer, 50);
    });
    const pods = Array.from({ length: 40 }, (_, index) => verifier(`v${index}`, port, { addresses: [`127.0.1.${index + 1}`] }));
    const answers = await answersOf(...pods);
    expect(Object.values(answers)).toEqual(pods.map(() => ({ attestation })));
    expect(most).toBe(16);
  });
});
