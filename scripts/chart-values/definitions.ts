/** What several values of the chart have in common: what they may be, and where a description is missing, what they are for. */
import { logLevels } from '../../shared/log.ts';
import { isTree, type Tree } from './read.ts';

const text: Tree = { type: 'string' };
const objects: Tree = { type: 'array', items: { type: 'object' } };
const seconds: Tree = { type: 'integer', minimum: 1 };
const port: Tree = { type: 'integer', minimum: 1, maximum: 65_535 };
const closed = (properties: Tree, more: Tree = {}): Tree => ({ type: 'object', additionalProperties: false, properties, ...more });

const octet = '(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])';
const [ipv4, bitsOfIpv4] = [`${octet}(\\.${octet}){3}`, '(3[0-2]|[12]?[0-9])'];
const [ipv6, bitsOfIpv6] = ['[0-9a-fA-F]*:[0-9a-fA-F:.]+', '(12[0-8]|1[01][0-9]|[1-9]?[0-9])'];

const objectName = { pattern: '^([a-z0-9]([-a-z0-9.]*[a-z0-9])?)?$', maxLength: 253 };
const dnsLabel = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const hostName: Tree = { ...text, pattern: `^(\\*\\.)?${dnsLabel}(\\.${dnsLabel})*$`, maxLength: 253 };

/** Labels or annotations, by their names: the prefix of the latter may have capitals. Of `propertyNames` Helm 4 says the wrong place. */
const named = (prefix: string, value: Tree): Tree => {
  const name = `^([${prefix}]([-${prefix}.]*[${prefix}])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$`;
  return { type: 'object', additionalProperties: false, patternProperties: { [name]: value } };
};
const annotations = named('A-Za-z0-9', text);
const labels = named('a-z0-9', { ...text, pattern: '^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$', maxLength: 63 });

const quantity: Tree = { type: ['string', 'number'], minimum: 0, pattern: '^([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([KMGTPE]i|[numkMGTPE]|[eE][-+]?[0-9]+)?$' };
const quantities: Tree = { type: 'object', additionalProperties: quantity };

const imageOf = (tag: Tree, required: readonly string[]): Tree =>
  closed(
    {
      registry: { ...text, description: 'The first part of its name; `global.imageRegistry` replaces it.' },
      repository: { ...text, minLength: 1, description: 'The second part of its name.' },
      tag: { ...text, ...tag },
      digest: { ...text, pattern: '^(sha256:[0-9a-f]{64})?$', description: '`sha256:…`, added to the tag.' },
      pullPolicy: { enum: ['Always', 'IfNotPresent', 'Never'], description: 'When it is pulled.' },
    },
    { required: ['registry', 'repository', 'pullPolicy', ...required] },
  );

export const definitions: Tree = {
  seconds: { type: ['integer', 'null'], minimum: 0, maximum: 86_400 },
  // 0 is root, which no pod may be.
  userOrGroup: { type: ['integer', 'null'], minimum: 1, maximum: 2_147_483_647 },
  size: { ...text, pattern: '^([1-9][0-9]*(\\.[0-9]+)?|0\\.[0-9]*[1-9][0-9]*)([KMGTPE]i|[kMGTPE])?$' },
  port,
  objects,
  annotations,
  labels,
  objectName: { ...text, ...objectName },
  hostName,
  // Upstream's objects are refused by the chart, in a sentence.
  ingressHost: { ...hostName, type: ['string', 'object'] },
  secretKey: { ...text, pattern: '^[-._a-zA-Z0-9]+$', maxLength: 253 },
  postgresName: { ...text, pattern: '^[a-z_][a-z0-9_]{0,62}$' },
  cidr: { ...text, pattern: `^(${ipv4}/${bitsOfIpv4}|${ipv6}/${bitsOfIpv6})$` },
  network: { ...text, pattern: `^(${ipv4}(/${bitsOfIpv4})?|${ipv6}(/${bitsOfIpv6})?)$` },
  logLevel: { enum: logLevels, description: `${logLevels.map((level) => `\`${level}\``).join(', ')}.` },
  env: {
    type: 'array',
    description: 'More environment variables of the container.',
    items: closed({ name: { ...text, pattern: '^[-._a-zA-Z][-._a-zA-Z0-9]*$' }, value: text, valueFrom: { type: 'object' } }, { required: ['name'] }),
  },
  image: imageOf({ description: "The chart's appVersion where not set." }, []),
  imageOfOthers: imageOf({ minLength: 1, description: 'Its version.' }, ['tag']),
  probe: closed(
    { initialDelaySeconds: { type: 'integer', minimum: 0 }, periodSeconds: seconds, timeoutSeconds: seconds, failureThreshold: seconds },
    { required: ['periodSeconds', 'timeoutSeconds', 'failureThreshold'], description: 'How often, and how patiently.' },
  ),
  // Each keyword speaks of one of the types; with oneOf Helm would say of all of them why they do not fit.
  pullSecrets: {
    type: 'array',
    items: closed({ name: { ...text, minLength: 1 } }, { type: ['string', 'object'], minLength: 1, required: ['name'] }),
  },
  resources: closed(
    { requests: quantities, limits: quantities, claims: objects },
    { description: 'What the container asks for, and may use at most.' },
  ),
  podAnnotations: { ...annotations, description: 'More annotations of the pods.' },
  podLabels: { ...labels, description: 'More labels of the pods.' },
  nodeSelector: { ...labels, description: 'Labels of the nodes that may run the pods.' },
  tolerations: { ...objects, description: 'Taints of nodes that do not keep the pods away.' },
  affinity: { type: 'object', description: 'Which nodes the pods like, and which neighbours.' },
  topologySpread: { ...objects, description: 'Replaces the preference for different nodes, of more than one pod.' },
  priorityClass: { ...text, ...objectName, description: 'The PriorityClass of the pods.' },
};

export function definitionOf({ $ref }: Tree): Tree | undefined {
  const definition = typeof $ref === 'string' ? definitions[$ref.replace('#/definitions/', '')] : undefined;
  return isTree(definition) ? definition : undefined;
}
