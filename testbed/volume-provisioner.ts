// Runs beside the control plane and gives each claim of the class `standard` a
// folder of the node: a `local` volume, because the kubelet applies fsGroup to those.
import { chmodSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { nodeName, volumes } from './places.ts';

const provisioner = 'kure-bootstrap.test/folder';

type Metadata = { name: string; namespace: string; uid: string; annotations?: Record<string, string> };
type Claim = {
  metadata: Metadata;
  spec: {
    storageClassName?: string;
    volumeName?: string;
    accessModes: string[];
    resources: { requests: { storage: string } };
  };
};
type Volume = {
  metadata: Metadata;
  spec: { storageClassName?: string; local?: { path: string } };
  status?: { phase?: string };
};

const config = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8'));
const decode = (text: string): Buffer => Buffer.from(text, 'base64');
const server: string = config.clusters[0].cluster.server;
const agent = new Agent({
  ca: decode(config.clusters[0].cluster['certificate-authority-data']),
  cert: decode(config.users[0].user['client-certificate-data']),
  key: decode(config.users[0].user['client-key-data']),
  keepAlive: true,
});

async function send(method: string, path: string, body?: object): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const headers = { 'Content-Type': 'application/json', Accept: 'application/json' };
  request(server + path, { method, agent, headers }, resolve)
    .on('error', reject)
    .end(body && JSON.stringify(body));
  const response = await promise;
  const expected =
    response.statusCode! < 300 || response.statusCode === 409 || (method === 'DELETE' && response.statusCode === 404);
  if (!expected) throw new Error(`${method} ${path}: ${response.statusCode}`);
  return response;
}

async function provide({ metadata, spec }: Claim): Promise<void> {
  const selected = metadata.annotations?.['volume.kubernetes.io/selected-node']; // the scheduler's word: a pod wants it now
  if (spec.storageClassName !== 'standard' || spec.volumeName || selected !== nodeName) return;
  const name = `pvc-${metadata.uid}`;
  const path = join(volumes, name);
  mkdirSync(path, { recursive: true });
  chmodSync(path, 0o777); // also for pods without fsGroup that are not root
  const created = await send('POST', '/api/v1/persistentvolumes', {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name, annotations: { 'pv.kubernetes.io/provisioned-by': provisioner } },
    spec: {
      accessModes: spec.accessModes,
      capacity: { storage: spec.resources.requests.storage },
      claimRef: {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        namespace: metadata.namespace,
        name: metadata.name,
        uid: metadata.uid,
      },
      local: { path },
      nodeAffinity: {
        required: {
          nodeSelectorTerms: [
            { matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: [nodeName] }] },
          ],
        },
      },
      persistentVolumeReclaimPolicy: 'Delete', // by clear(): the cluster leaves it to the provisioner
      storageClassName: 'standard',
    },
  });
  created.resume();
}

async function clear({ metadata, spec, status }: Volume): Promise<void> {
  if (metadata.annotations?.['pv.kubernetes.io/provisioned-by'] !== provisioner || status?.phase !== 'Released') return;
  const deleted = await send('DELETE', `/api/v1/persistentvolumes/${metadata.name}`);
  deleted.resume();
  if (spec.local?.path.startsWith(volumes)) rmSync(spec.local.path, { recursive: true, force: true });
}

/** Every existing object first (no resourceVersion), then the changes; begun anew whenever the stream ends. */
async function follow(path: string, handle: (object: Claim & Volume) => Promise<void>): Promise<never> {
  for (;;) {
    try {
      for await (const line of createInterface({ input: await send('GET', `${path}?watch=true&timeoutSeconds=300`) })) {
        const event = JSON.parse(line) as { type: string; object: Claim & Volume };
        if (event.type === 'ADDED' || event.type === 'MODIFIED') await handle(event.object);
      }
    } catch (error) {
      console.error(String(error));
    }
    await sleep(500);
  }
}

await Promise.all([follow('/api/v1/persistentvolumeclaims', provide), follow('/api/v1/persistentvolumes', clear)]);
