// Brings the cluster up from wherever it is: nothing there, half of it killed,
// the machine rebooted. Every step does only what is missing.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { binary, kubernetesVersion, tools } from './binaries.ts';
import { createCertificates } from './certificates.ts';
import { createCgroups } from './cgroups.ts';
import {
  componentNames,
  isComponentHealthy,
  lifeOfComponent,
  startComponent,
  waitUntilHealthy,
  type ComponentName,
} from './components.ts';
import { pauseImage, writeConfiguration } from './configuration.ts';
import { importImages, isRuntimeReady } from './containers.ts';
import { stopComponents } from './down.ts';
import { rememberFootprint } from './footprint.ts';
import { kubectl } from './kubectl.ts';
import { createNetwork } from './network.ts';
import { buildImage, layerOf, type Image } from './oci/image.ts';
import * as places from './places.ts';
import type { Progress } from './progress.ts';

const corednsImage = `testbed.local/coredns:${tools.coredns.version}`;

export async function isUp(): Promise<boolean> {
  const health = await Promise.all(componentNames.map(isComponentHealthy));
  return health.every(Boolean) && existsSync(places.ready);
}

export async function bringUp(progress: Progress): Promise<void> {
  await progress.step('preparing network, certificates and configuration', prepare);
  await progress.step(`starting Kubernetes ${kubernetesVersion}`, () =>
    Promise.all([startControlPlane(), fillRuntime()]),
  );
  await progress.step('waiting for the node and its DNS', settle);
  writeFileSync(places.ready, '');
}

async function prepare(): Promise<void> {
  for (const folder of [dirname(places.auditLog), places.volumes]) mkdirSync(folder, { recursive: true });
  rememberFootprint();
  if (await createNetwork()) await stopComponents(); // what survived lives in a namespace that nothing else can enter
  createCgroups();
  await createCertificates();
  writeConfiguration(await relayPort());
}

async function startControlPlane(): Promise<void> {
  const first: ComponentName[] = ['gateway', 'relay', 'etcd', 'containerd', 'kube-apiserver'];
  first.forEach(startComponent);
  await waitUntilHealthy('etcd');
  await waitUntilHealthy('kube-apiserver');
  const second: ComponentName[] = ['kube-controller-manager', 'kube-scheduler', 'kube-proxy', 'volume-provisioner'];
  second.forEach(startComponent);
}

/** The images no registry gives: every pod needs the first, every name the second. */
async function fillRuntime(): Promise<void> {
  const deadline = performance.now() + 30_000;
  while (!(await isRuntimeReady())) {
    if (performance.now() > deadline)
      throw new Error(`containerd does not answer. Read ${places.logOf('containerd')}.`);
    await sleep(50);
  }
  await importImages([program(pauseImage, 'pause'), program(corednsImage, 'coredns')]);
}

async function settle(): Promise<void> {
  startComponent('kubelet');
  await Promise.all([...componentNames.map((name) => waitUntilHealthy(name)), addServices()]);
  await kubectl(['rollout', 'status', '--namespace=kube-system', 'deployment/coredns', '--timeout=120s']);
  await kubectl(['wait', `node/${places.nodeName}`, '--for=condition=Ready', '--timeout=60s']);
}

async function addServices(): Promise<void> {
  const manifests = ['coredns', 'storage'].map((name) =>
    readFileSync(join(import.meta.dirname, 'manifests', `${name}.yaml`), 'utf8'),
  );
  await kubectl(
    ['apply', '--server-side', '--force-conflicts', '--filename=-'],
    manifests.join('\n---\n').replaceAll('$COREDNS_IMAGE', corednsImage),
  );
}

/** An image that is one static program. */
function program(name: string, file: string): Image {
  const layer = layerOf([{ kind: 'file', path: file, mode: 0o755, content: readFileSync(binary(file)) }]);
  return buildImage({ name, layers: [layer], entrypoint: [`/${file}`], user: '65532:65532' });
}

/** The port of the last time if it is free or ours, so that kubeconfigs stay good. */
async function relayPort(): Promise<number> {
  const last = existsSync(places.relayPort) ? Number(readFileSync(places.relayPort, 'utf8')) : 16443;
  const port = lifeOfComponent('relay') === 'gone' ? await freePort(last) : last;
  writeFileSync(places.relayPort, String(port));
  return port;
}

function freePort(wanted: number): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>();
  const server = createServer();
  server.on('error', () => resolve(freePort(0)));
  server.listen(wanted, '127.0.0.1', () => {
    const address = server.address();
    server.close(() => resolve(typeof address === 'object' && address ? address.port : wanted));
  });
  return promise;
}
