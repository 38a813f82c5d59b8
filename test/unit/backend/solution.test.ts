import { expect, it } from 'vitest';
import { ruleBasedSolution } from '../../../backend/domain/rule-based-solution.ts';
import { asService, podReport, startBackend, tokenA } from './harness.ts';
import { signUp } from './people.ts';

const facts = (failure_reason: string) => ({
  namespace: 'shop',
  pod_name: 'web-1',
  failure_reason,
  failure_message: null,
  container_statuses: [
    { name: 'proxy', image: 'proxy:2', ready: true, restart_count: 0 },
    { name: 'web', image: 'registry.example/web:1', ready: false, restart_count: 7 },
  ],
});

it.each([
  ['CrashLoopBackOff', 'kubectl logs web-1 -n shop -c web --previous'],
  ['ImagePullBackOff', 'registry.example/web:1'],
  ['ErrImagePull', 'imagePullSecret'],
  ['CreateContainerConfigError', 'kubectl get configmaps,secrets -n shop'],
  ['OOMKilled', 'resources.limits.memory'],
  ['RunContainerError', 'exec format error'],
  ['FailedScheduling', 'resources.requests'],
  ['FailedMount', 'kubectl get pvc -n shop'],
  ['Evicted', 'ephemeral-storage'],
  ['DeadlineExceeded', 'activeDeadlineSeconds'],
  ['Unhealthy', 'timeoutSeconds'],
  ['Init:CrashLoopBackOff', '--previous'],
  ['SomethingNew', 'kubectl get events -n shop'],
])('%s: says what to do', (reason, step) => {
  expect(ruleBasedSolution(facts(reason))).toContain(step);
});

it('needs no container', () => {
  expect(ruleBasedSolution({ ...facts('ImagePullBackOff'), container_statuses: [] })).toContain('the one in its specification');
});

it('comes with each failure, reported and listed, and follows the newest reason', async () => {
  const backend = await startBackend();
  const { app } = backend;
  const headers = asService(tokenA);
  const admin = await signUp(backend);
  const report = (failure_reason: string) => app.inject({ method: 'POST', url: '/api/pods/failed', headers, payload: podReport({ failure_reason }) });
  expect((await report('OOMKilled')).json<{ solution: string }>().solution).toContain('memory');
  await report('ImagePullBackOff');
  const [listed] = (await admin.call('GET', '/api/pods/failed')).json<{ solution: string }[]>();
  expect(listed?.solution).toContain('cannot be pulled');
});
