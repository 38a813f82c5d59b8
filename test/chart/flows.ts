/** What network policies say about a connection, by the rules of networking.k8s.io/v1, as far as the chart uses them. */
import { BlockList } from 'node:net';
import type { V1LabelSelector, V1NetworkPolicy, V1NetworkPolicyPeer, V1NetworkPolicyPort } from '@kubernetes/client-node';

export interface PodEnd {
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** One end of a connection: a pod, or an address outside of all pods. */
export type End = PodEnd | { readonly address: string };

export interface Flow {
  readonly from: End;
  readonly to: End;
  /** The destination's own port, behind any Service. */
  readonly port: number;
  readonly protocol: string;
}

export const apiServer: End = { address: '192.0.2.1' };
export const dns: End = { address: '192.0.2.10' };

export const pod = (namespace: string, { component, name, instance }: Record<'component' | 'name' | 'instance', string>): PodEnd => ({
  namespace,
  labels: { 'app.kubernetes.io/component': component, 'app.kubernetes.io/name': name, 'app.kubernetes.io/instance': instance },
});

export function allows(policies: readonly V1NetworkPolicy[], flow: Flow): boolean {
  const leaves = permits(policies, flow.from, 'Egress', (policy) => policy.spec?.egress?.some((rule) => fits(rule.to, rule.ports, flow.to, flow, policy)));
  const enters = permits(policies, flow.to, 'Ingress', (policy) => policy.spec?.ingress?.some((rule) => fits(fromOf(rule), rule.ports, flow.from, flow, policy)));
  return leaves && enters;
}

/** As it is in YAML; the client's type calls it `_from`. */
const fromOf = (rule: object): V1NetworkPolicyPeer[] | undefined => (rule as { from?: V1NetworkPolicyPeer[] }).from;

/** Where no policy of that direction selects the end, everything may pass; else one of them must allow it. */
function permits(
  policies: readonly V1NetworkPolicy[],
  end: End,
  direction: 'Ingress' | 'Egress',
  allowed: (policy: V1NetworkPolicy) => boolean | undefined,
): boolean {
  const selecting = policies.filter(
    ({ metadata, spec }) =>
      'labels' in end && metadata?.namespace === end.namespace && spec?.policyTypes?.includes(direction) && selects(spec.podSelector, end.labels),
  );
  return selecting.length === 0 || selecting.some((policy) => allowed(policy) === true);
}

function fits(
  peers: readonly V1NetworkPolicyPeer[] | undefined,
  ports: readonly V1NetworkPolicyPort[] | undefined,
  end: End,
  { port, protocol }: Flow,
  policy: V1NetworkPolicy,
): boolean {
  const portFits = !ports?.length || ports.some((one) => (one.protocol ?? 'TCP') === protocol && (one.port === undefined || one.port === port));
  return portFits && (!peers?.length || peers.some((peer) => peerFits(peer, end, policy.metadata?.namespace)));
}

function peerFits(peer: V1NetworkPolicyPeer, end: End, namespace: string | undefined): boolean {
  if (peer.ipBlock) return 'address' in end && contains(peer.ipBlock.cidr, end.address);
  if (!('labels' in end)) return false;
  const inNamespace = peer.namespaceSelector
    ? selects(peer.namespaceSelector, { 'kubernetes.io/metadata.name': end.namespace })
    : end.namespace === namespace;
  return inNamespace && (!peer.podSelector || selects(peer.podSelector, end.labels));
}

function selects(selector: V1LabelSelector | undefined, labels: Readonly<Record<string, string>>): boolean {
  if (selector?.matchExpressions) throw new Error('matchExpressions are not judged here');
  return Object.entries(selector?.matchLabels ?? {}).every(([key, value]) => labels[key] === value);
}

function contains(cidr: string, address: string): boolean {
  const [network = '', bits = ''] = cidr.split('/');
  const block = new BlockList();
  block.addSubnet(network, Number(bits));
  return block.check(address);
}
