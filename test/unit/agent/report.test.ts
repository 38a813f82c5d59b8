import { load } from 'js-yaml';
import { describe, expect, test } from 'vitest';
import { newestEvents } from '../../../agent/evidence.ts';
import { buildReport, fingerprint } from '../../../agent/report.ts';
import type { Failing } from '../../../agent/verdict.ts';
import { container, createdAt, givenPod, muchLater, waitingFor, withMetadata, withSpec, withStatus } from './given-pod.ts';

const crashLoop: Failing = { kind: 'failing', reason: 'CrashLoopBackOff', message: 'back-off 40s', container: 'app' };
const nothing = { events: [], logs: '' };

describe('a report', () => {
  test('has the fields of the wire contract', () => {
    const pod = givenPod(
      withStatus({
        initContainerStatuses: [container('prepare', { terminated: { exitCode: 0, reason: 'Completed' } })],
        containerStatuses: [
          container('app', { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 40s' } }, { restartCount: 3 }),
          container('side', { running: { startedAt: createdAt } }),
          container('new', {}),
        ],
      }),
    );
    const events = [{ type: 'Warning', reason: 'BackOff', message: 'Back-off restarting', timestamp: createdAt }];
    const { manifest = '', ...report } = buildReport(pod, crashLoop, { events, logs: 'panic\n' });
    expect(report).toEqual({
      pod_name: 'web-0',
      namespace: 'shop',
      node_name: 'node-a',
      phase: 'Running',
      creation_timestamp: createdAt,
      failure_reason: 'CrashLoopBackOff',
      failure_message: 'back-off 40s',
      container_statuses: [
        { name: 'prepare', ready: false, restart_count: 0, image: 'shop/prepare:1', state: 'terminated', exit_code: 0, reason: 'Completed', message: null },
        { name: 'app', ready: false, restart_count: 3, image: 'shop/app:1', state: 'waiting', reason: 'CrashLoopBackOff', message: 'back-off 40s' },
        { name: 'side', ready: true, restart_count: 0, image: 'shop/side:1', state: 'running' },
        { name: 'new', ready: false, restart_count: 0, image: 'shop/new:1', state: 'waiting', reason: null, message: null },
      ],
      events,
      logs: 'panic\n',
    });
    expect(load(manifest)).toMatchObject({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web-0' } });
  });

  test('names no node when there is none', () => {
    const pod = givenPod(withSpec({ containers: [] }));
    expect(buildReport(pod, crashLoop, nothing).node_name).toBeNull();
  });

  test('takes the cause of a merely pending pod from its newest warning', () => {
    const pending: Failing = { kind: 'failing', reason: 'Pending', message: '' };
    const events = [
      { type: 'Warning', reason: 'FailedScheduling', message: '0/1 nodes', timestamp: '2026-11-23T10:00:00Z' },
      { type: 'Warning', reason: 'FailedMount', message: 'no such Secret', timestamp: '2026-11-23T10:01:00Z' },
      { type: 'Normal', reason: 'Failed', message: 'not a warning', timestamp: '2026-11-23T10:02:00Z' },
    ];
    const report = buildReport(givenPod(), pending, { events, logs: '' });
    expect(report).toMatchObject({ failure_reason: 'FailedMount', failure_message: 'no such Secret' });
    expect(buildReport(givenPod(), crashLoop, { events, logs: '' }).failure_reason).toBe('CrashLoopBackOff');
  });

  test('shows the manifest without bookkeeping and without values of the environment', () => {
    const env = [
      { name: 'PASSWORD', value: 'hunter2' },
      { name: 'EMPTY', value: '' },
      { name: 'FROM', valueFrom: { secretKeyRef: { name: 'db', key: 'password' } } },
    ];
    const pod = givenPod(
      withMetadata({
        managedFields: [{ manager: 'kubectl' }],
        annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{"env":"hunter2"}', team: 'shop' },
      }),
      withSpec({ containers: [{ name: 'app', env }], initContainers: [{ name: 'prepare', env }], ephemeralContainers: [{ name: 'debug', env }] }),
    );
    const { manifest = '' } = buildReport(pod, crashLoop, nothing);
    expect(manifest).not.toContain('hunter2');
    const shown = [{ name: 'PASSWORD', value: '[redacted]' }, env[1], env[2]];
    const { metadata, spec } = load(manifest) as { metadata: object; spec: object };
    expect(metadata).not.toHaveProperty('managedFields');
    expect(metadata).toHaveProperty('annotations', { team: 'shop' });
    expect(spec).toEqual({
      containers: [{ name: 'app', env: shown }],
      initContainers: [{ name: 'prepare', env: shown }],
      ephemeralContainers: [{ name: 'debug', env: shown }],
    });
  });
});

describe('events', () => {
  test('are the newest five, oldest first, with empty strings where the API server gives none', () => {
    const events = [6, 1, 5, 2, 4, 3].map((second) => ({
      metadata: { name: `e${second}`, uid: `e${second}`, resourceVersion: '1' },
      lastTimestamp: `2026-11-23T10:00:0${second}Z`,
      ...(second !== 6 && { reason: `r${second}` }),
    }));
    const newest = newestEvents(events);
    expect(newest.map(({ reason }) => reason)).toEqual(['r2', 'r3', 'r4', 'r5', '']);
    expect(newest[0]).toEqual({ type: '', reason: 'r2', message: '', timestamp: '2026-11-23T10:00:02Z' });
  });
});

function printOf(reason: string, message: string, restartCount: number): string {
  const pod = givenPod(withStatus({ containerStatuses: [container('app', { waiting: { reason } }, { restartCount })] }));
  return fingerprint(pod, { kind: 'failing', reason, message }, muchLater);
}

const printAfter = (minutes: number, phase: string): string =>
  fingerprint(givenPod(withStatus({ phase })), crashLoop, Date.parse(createdAt) + minutes * 60_000);

describe('a report is worth sending again', () => {
  test('after a restart and with another reason', () => {
    expect(printOf('CrashLoopBackOff', '', 2)).not.toBe(printOf('CrashLoopBackOff', '', 1));
    expect(printOf('CreateContainerError', '', 1)).not.toBe(printOf('CrashLoopBackOff', '', 1));
    expect(fingerprint(givenPod(waitingFor('x'), withMetadata({ uid: 'u2' })), crashLoop, muchLater)).not.toBe(
      fingerprint(givenPod(waitingFor('x')), crashLoop, muchLater),
    );
  });

  test('but not because a message counts seconds or a failed pull changes its name', () => {
    expect(printOf('CrashLoopBackOff', 'back-off 40s', 1)).toBe(printOf('CrashLoopBackOff', 'back-off 20s', 1));
    expect(printOf('ErrImagePull', '', 0)).toBe(printOf('ImagePullBackOff', '', 0));
  });

  test('every ten minutes while the pod is Pending: its cause may show late, and change', () => {
    expect(printAfter(9, 'Pending')).toBe(printAfter(2, 'Pending'));
    expect(printAfter(10, 'Pending')).not.toBe(printAfter(9, 'Pending'));
    expect(printAfter(10, 'Running')).toBe(printAfter(9, 'Running'));
  });
});
