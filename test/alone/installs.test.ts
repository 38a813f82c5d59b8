/**
 * Installations on real pods, in namespaces that enforce Pod Security `restricted`. The test bed's network plugin enforces no
 * policies, so the connections that the pods really make are read from the kernel and judged by the rules of the API.
 */
import type { V1NetworkPolicy, V1Pod } from '@kubernetes/client-node';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { command } from '../../testbed/command.ts';
import { importImages } from '../../testbed/containers.ts';
import { testBedTools } from '../../testbed/demo/cluster-tools.ts';
import { Release } from '../../testbed/demo/release.ts';
import { inside } from '../../testbed/network.ts';
import { programImages } from '../../testbed/oci/programs.ts';
import { nodeAddress, podRange } from '../../testbed/places.ts';
import { allows, type End, type Flow } from '../chart/flows.ts';

/** Whence the node asks its own pods, for probes: the first address of their range is its own. */
const nodeAddresses = new Set([nodeAddress, podRange.replace(/0\/\d+$/, '1')]);
/** The test bed's DNS may not open a port below 1024. */
const policiesOn = ['--set=networkPolicy.enabled=true', '--set=networkPolicy.dnsPorts={53,1053}'];

const programs = ['agent', 'backend', 'operator', 'security-scanner'];

function releaseIn(namespace: string): Release {
  const release = new Release(namespace, testBedTools());
  afterAll(() => release.remove());
  return release;
}

const podsOf = async (release: Release): Promise<V1Pod[]> => (await release.get<{ items: V1Pod[] }>('pods')).items;
const componentOf = ({ metadata }: V1Pod): string => metadata?.labels?.['app.kubernetes.io/component'] ?? '';

describe('an installation with every image from another registry', () => {
  const registry = 'mirror.internal:5000';
  const release = releaseIn('e2e-installs-mirror');

  it('is Ready, and passes its own test', async () => {
    const images = await programImages('dist', '0.1.0');
    await importImages(images.map((image) => ({ ...image, name: image.name.replace(/^[^/]+/, registry) })));
    await release.install([`--set=global.imageRegistry=${registry}`]);
    await release.helm(['test', release.name]);
    const pods = await podsOf(release);
    expect(new Set(pods.map(componentOf))).toEqual(new Set([...programs, 'selftest']));
    for (const { spec } of pods) {
      for (const { image } of [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])]) expect(image).toMatch(new RegExp(`^${registry}/`));
    }
  });
});

describe('an installation with network policies', () => {
  const release = releaseIn('e2e-installs-policies');
  /** What the kernel still knows of pods that had the same addresses before. */
  let earlier = new Set<string>();

  it('is Ready, and passes its own test', async () => {
    earlier = new Set((await trackedConnections()).map(tupleOf));
    await release.install(policiesOn);
    await release.helm(['test', release.name]);
    expect(new Set((await podsOf(release)).map(componentOf))).toEqual(new Set([...programs, 'selftest']));
  });

  it('makes no connection that its policies forbid', async () => {
    const policies = (await release.get<{ items: V1NetworkPolicy[] }>('networkpolicies')).items;
    const seen = new Map<string, Flow>();
    const pods = new Map<string, V1Pod>();
    const expected = ['agent > backend:8000', 'security-scanner > backend:8000', 'operator > backend:8000', 'selftest > backend:8000'];
    const toApiServer = [...programs, 'selftest'].map((name) => `${name} > ${nodeAddress}:6443`);
    // The selftest runs once more, since the kernel forgets.
    const testing = release.helm(['test', release.name]);
    await vi.waitUntil(
      async () => {
        for (const pod of await podsOf(release)) pods.set(pod.metadata?.uid ?? '', pod);
        for (const [name, flow] of await connections([...pods.values()], release.namespace, earlier)) seen.set(name, flow);
        return [...expected, ...toApiServer].every((name) => seen.has(name));
      },
      { timeout: 120_000, interval: 250 },
    );
    await testing;
    const forbidden = [...seen].filter(([, flow]) => !allows(policies, flow)).map(([name]) => name);
    expect(forbidden).toEqual([]);
    // Each policy is needed: with its rules gone something of this would not pass.
    const idle = policies.filter(({ metadata }) => {
      const emptied = structuredClone(policies);
      for (const policy of emptied) if (policy.metadata?.name === metadata?.name) Object.assign(policy.spec ?? {}, { egress: [], ingress: [] });
      return [...seen.values()].every((flow) => allows(emptied, flow));
    });
    expect(idle.map(({ metadata }) => metadata?.name)).toEqual([]);
  });
});

/** As the kernel tells them, a line each. */
async function trackedConnections(): Promise<string[]> {
  const { program, args } = inside('conntrack', '--dump');
  return (await command(program, args)).split('\n');
}

/** Protocol, addresses and ports, without timers and states. */
const tupleOf = (line: string): string => [line.split(' ')[0], ...(line.match(/\b(src|dst|sport|dport)=\S+/g) ?? [])].join(' ');

/** Connections that a pod of the namespace opened, by name. Those that the node makes, its probes, no policy is about. */
async function connections(pods: readonly V1Pod[], namespace: string, earlier: ReadonlySet<string>): Promise<[string, Flow][]> {
  const byAddress = new Map(pods.map((pod) => [pod.status?.podIP ?? '', pod]));
  return (await trackedConnections()).flatMap((line) => {
    // Unanswered: a Service without a pod behind it yet.
    if (earlier.has(tupleOf(line)) || line.includes('[UNREPLIED]')) return [];
    const protocol = line.split(' ')[0]?.toUpperCase() ?? '';
    // First as it was sent, then as it was answered: behind the Service.
    const sources = [...line.matchAll(/\bsrc=(\S+)/g)].map(([, address]) => address ?? '');
    const ports = [...line.matchAll(/\bsport=(\d+)/g)].map(([, port]) => Number(port));
    const [from, to, port] = [sources[0], sources[1], ports[1]];
    if (from === undefined || to === undefined || port === undefined || nodeAddresses.has(from)) return [];
    if (!byAddress.has(from)) return []; // a pod that has ended since: nobody knows its labels any more
    const end = (address: string): End => {
      const pod = byAddress.get(address);
      return pod === undefined ? { address } : { namespace, labels: pod.metadata?.labels ?? {} };
    };
    const nameOf = (address: string): string => componentOf(byAddress.get(address) ?? {}) || address;
    return [[`${nameOf(from)} > ${nameOf(to)}:${port}`, { from: end(from), to: end(to), port, protocol }]];
  });
}
