/** Kure Monitor's own agent and scanner beside this project's backend. Without UPSTREAM_IMAGES nothing is tested here. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KubeClient } from '../../shared/kube/client.ts';
import { connect } from '../../shared/kube/connect.ts';
import { testBedTools } from '../../testbed/demo/cluster-tools.ts';
import { editSecret } from '../../testbed/demo/edit.ts';
import { followRotation } from '../../testbed/demo/follow.ts';
import { Release } from '../../testbed/demo/release.ts';
import { generations, restartsBetween } from '../../testbed/demo/restarts.ts';
import { areTaken, importUpstreamImages, logsOf, podsOf, upstreamImages } from './upstream.ts';

if (!upstreamImages) console.warn('SKIPPED: the agent and the scanner of Kure Monitor. Name a folder with archives of its images: UPSTREAM_IMAGES=<folder>.');

const theirs = ['upstream-agent', 'upstream-scanner'];
/** As they log an answer to a report, and one to a WebSocket. */
const refused = /HTTP 40[13]\b|\b40[13], message/;
const patiently = { timeout: 120_000, interval: 1_000 };

describe.runIf(upstreamImages)("Kure Monitor's own agent and scanner", () => {
  const release = new Release('e2e-upstream-presenters', testBedTools());
  afterAll(() => release.remove());
  beforeAll(importUpstreamImages);
  const presenters = () => areTaken(release, ...theirs);

  it('are served by this backend', async () => {
    await release.install([`--set=operator.extraWorkloads={${theirs.map((name) => `deployment/${name}`).join()}}`]);
    await release.kubectl(['apply', '--filename', join(import.meta.dirname, 'upstream-presenters.yaml')]);
    await expect.poll(presenters, patiently).toBe(true);
  });

  it('are refused nothing while a token that is edited rotates, and restart once', async () => {
    const before = await generations(release);
    const client = new KubeClient(await connect(), 'kure-bootstrap-test');
    const following = logsOf(release, await podsOf(release, ...theirs), '--follow');
    const { resourceVersion } = await editSecret(release, ['service-token']);
    await followRotation(client, release, resourceVersion, () => {});
    await expect.poll(presenters, patiently).toBe(true);
    const lines = [...(await following), ...(await logsOf(release, await podsOf(release, ...theirs)))];
    // A line of theirs may have the token in it, so they are counted and not shown.
    expect(lines.filter((line) => refused.test(line)).length).toBe(0);
    expect(restartsBetween(before, await generations(release))).toMatchObject(Object.fromEntries(theirs.map((name) => [`Deployment/${name}`, 1])));
  });
});
