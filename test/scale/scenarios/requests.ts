/** The rows about what people ask for, and about Secrets and workloads of another kind. */
import { setTimeout as sleep } from 'node:timers/promises';
import { secretName, type Shape } from '../harness/manifests.ts';
import type { Scenario } from '../harness/play.ts';
import { fernetKeyOf, valueOf } from '../harness/values.ts';
import { withEncryptionKey } from './edits.ts';

const external: Shape = { annotations: { 'bootstrap.kure.io/external': 'true' } };

export const requests: readonly Scenario[] = [
  {
    name: 'pause, edit, resume',
    async when(stage) {
      await stage.release.ask('pause', 'true');
      await stage.release.edit({ 'service-token': valueOf('B') });
      await stage.settled('Paused');
      await stage.release.ask('pause', null);
      await stage.settled();
    },
  },
  {
    name: 'abort',
    async when(stage) {
      stage.inside.isMute = true;
      await stage.release.edit({ 'service-token': valueOf('B') });
      await stage.stamped('agent', 'scanner');
      await stage.release.ask('abort', await stage.release.target());
      stage.inside.isMute = false;
      await stage.settled();
    },
  },
  {
    name: 'revoke the older value',
    async when(stage) {
      const older = await stage.release.target();
      stage.inside.isMute = true;
      await stage.release.edit({ 'service-token': valueOf('B') });
      await stage.stamped('backend');
      await stage.release.ask('revoke', older);
      stage.inside.isMute = false;
      await stage.settled();
    },
    refusalsBecause: 'revoking means refusing at once',
    unorderedBecause: 'after revoking nobody waits for anybody',
  },
  {
    name: 'revoke the value in force',
    async when(stage) {
      await stage.release.ask('revoke', await stage.release.target());
      await stage.settled();
    },
    refusalsBecause: 'revoking means refusing at once',
    unorderedBecause: "the edit is the operator's own",
  },
  {
    name: 'accept what a renderer made up',
    async when(stage) {
      const { release, inside } = stage;
      const scanner = await release.podOf('scanner');
      inside.isMute = true;
      await sleep(1_100); // a pod's start has whole seconds, and its address may have been the old one's until then
      await release.render({ 'service-token': valueOf('R'), 'session-secret': valueOf('Q') });
      await release.deletePod(scanner); // the new one proves nothing, so that the made-up value does not end
      const made = await stage.rendered();
      await stage.putBack(); // who asks earlier gets the renderer's own writing
      await release.ask('accept', made);
      inside.isMute = false;
      await stage.settled();
    },
  },
  {
    name: 'accept an encryption key that a renderer made up',
    ...withEncryptionKey,
    async when(stage) {
      await stage.release.render({ 'encryption-key': fernetKeyOf('F') });
      await stage.release.ask('accept', await stage.rendered('encryption-key'));
      await stage.settled();
    },
    mayDiffer: { parts: ['secrets'], because: 'whether it is put back before it is accepted, and so who wrote it last, is a matter of time' },
  },
  {
    name: 'a Secret of somebody else: an invalid value, then a good one',
    shape: external,
    settings: { EXTERNAL_SECRET: 'true' },
    async when(stage) {
      await stage.release.edit({ 'service-token': 'too short' });
      await stage.settled('Rejected');
      await stage.release.edit({ 'service-token': valueOf('B') });
      await stage.settled();
    },
  },
  {
    name: 'a Secret of somebody else is deleted, and made anew by its owner',
    shape: external,
    settings: { EXTERNAL_SECRET: 'true' },
    async when(stage) {
      await stage.release.deleteSecret(secretName);
      await stage.settled('Rejected');
      await stage.release.createBootstrap({ 'service-token': valueOf('B'), 'session-secret': valueOf('S') }, external);
      await stage.settled();
    },
  },
  {
    name: 'a verifier that knows one value only',
    shape: { verify: 'single' },
    async when(stage) {
      await stage.release.edit({ 'service-token': valueOf('B') });
      await stage.settled();
    },
    refusalsBecause: 'there is no overlap',
    unorderedBecause: 'all move at once',
  },
  {
    name: 'a Secret of Helm, edited by a person',
    shape: { helm: true },
    async when(stage) {
      await stage.release.edit({ 'service-token': valueOf('B') });
      await stage.settled();
    },
  },
  {
    name: 'no verifier at all, until there is one again',
    async given(stage) {
      await stage.release.patchWorkload('backend', { spec: { replicas: 0 } });
      await stage.until('no verifier', async () => (await stage.release.pods()).length === 3 || 'it ends');
    },
    async when(stage) {
      await stage.release.edit({ 'service-token': valueOf('B') });
      await stage.settled('Stuck');
      await stage.release.patchWorkload('backend', { spec: { replicas: 1 } });
      await stage.settled();
    },
  },
  {
    name: 'a paused Deployment, until it goes on',
    async given({ release }) {
      await release.patchWorkload('scanner', { spec: { paused: true } });
    },
    async when(stage) {
      await stage.release.edit({ 'service-token': valueOf('B') });
      await stage.settled('Stuck');
      await stage.release.patchWorkload('scanner', { spec: { paused: false } });
      await stage.settled();
    },
  },
  {
    name: 'a workload that is never restarted, until a person replaces its pod',
    async given(stage) {
      const annotations = { 'bootstrap.kure.io/restart': 'false' };
      await stage.release.patchWorkload('scanner', { spec: { template: { metadata: { annotations } } } });
      await stage.settled();
    },
    async when(stage) {
      const pod = await stage.release.podOf('scanner');
      await stage.release.edit({ 'service-token': valueOf('B') });
      await stage.until('the pod to be named', () => stage.isNamed(pod));
      await stage.release.deletePod(pod);
      await stage.settled();
    },
    unorderedBecause: 'a person replaces a pod that no stamp belongs to',
  },
];
