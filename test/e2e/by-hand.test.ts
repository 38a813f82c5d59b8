import { expect, test } from 'vitest';
import { rotateByHand } from '../../testbed/demo/by-hand.ts';
import { difference, tally, waitForAccepted } from '../../testbed/demo/counts.ts';
import { liveRelease } from './live-release.ts';

const live = liveRelease('e2e-by-hand', ['--set', 'operator.enabled=false']);

async function token(): Promise<string> {
  const { data } = await live.release.get<{ data: Record<string, string> }>('secret', 'kure-monitor-bootstrap');
  return Buffer.from(data['service-token']!, 'base64').toString();
}

/** Status of a request to the backend with this token. */
async function statusWith(value: string): Promise<number> {
  const program = `
    const response = await fetch('http://127.0.0.1:8000/api/pods/failed', { headers: { 'x-service-token': ${JSON.stringify(value)} } });
    await response.text();
    console.log(response.status);`;
  const exec = ['exec', '--stdin', 'deployment/kure-monitor-backend', '--', 'node', '--input-type=module', '-'];
  return Number(await live.release.kubectl(exec, { input: program }));
}

test('without the operator the page’s own procedure rotates the token, and costs rejected reports', async () => {
  const old = await token();
  await waitForAccepted(live.release, 50);
  const before = await tally(live.release);
  await rotateByHand(live.release);
  await waitForAccepted(live.release, 50);
  const counted = difference(await tally(live.release), before);
  expect(counted.rejected, 'no order of restarts is without rejections while a backend knows one token').toBeGreaterThan(0);
  expect(await statusWith(old)).toBe(401);
  expect(await statusWith(await token())).toBe(200);
});
