/**
 * The Flux way, as far as the cluster sees it: helm-controller is Helm's own library under that name. It takes ownership
 * and forces conflicts, and a loop compares the release's manifest with the cluster by a server-side dry run and patches
 * what differs (helm-controller, internal/action/diff.go). `driftDetection.mode: enabled`.
 */
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { KubeClient } from '../../../shared/kube/client.ts';
import type { Connection } from '../../../shared/kube/connect.ts';
import { helm4 } from '../../chart/render.ts';
import { Loop } from '../loop.ts';
import { releaseName } from '../modes.ts';
import type { Site } from '../site.ts';
import { driftOf, type Drift } from './drift.ts';
import { Helm } from './helm.ts';
import { jsonPatch } from './json-patch.ts';
import { nameOf, objectsOf, type Manifest } from './objects.ts';
import type { Tool } from './tool.ts';

const controllerName = 'helm-controller';

/** Flux itself looks by the HelmRelease's interval, of minutes. */
const correctEveryMs = 1_500;

/** The API server is told the name of the program's file. */
const folder = mkdtempSync(join(tmpdir(), 'flux-'));
afterAll(() => rmSync(folder, { recursive: true }));
const program = join(folder, controllerName);
symlinkSync(helm4, program);

const over = ['--take-ownership', '--force-conflicts'];

class Flux extends Helm {
  readonly #client: KubeClient;
  readonly #loop = new Loop(() => this.#correct(), correctEveryMs);
  #manifest: Promise<string> | undefined;

  constructor(site: Site, connection: Connection) {
    super(site, { program, install: ['--take-ownership'], upgrade: over, rollback: ['--force-conflicts'] });
    this.#client = new KubeClient(connection, controllerName);
  }

  override install(revision: number): Promise<void> {
    return this.#released(super.install(revision));
  }

  override upgrade(revision: number): Promise<void> {
    return this.#released(super.upgrade(revision));
  }

  override rollback(revision: number): Promise<void> {
    return this.#released(super.rollback(revision));
  }

  override async uninstall(): Promise<void> {
    await this.#loop.stop();
    await super.uninstall();
  }

  stop(): Promise<void> {
    return this.#loop.stop();
  }

  /** No drift is looked for while Helm works. */
  async #released(action: Promise<void>): Promise<void> {
    await this.#loop.stop();
    await action;
    this.#manifest = this.helm(['get', 'manifest', releaseName]);
    this.#loop.start();
  }

  async #correct(): Promise<void> {
    const { namespace } = this.site;
    const objects = objectsOf((await this.#manifest) ?? '').filter(isLookedAt).map((object) => marked(object, namespace));
    for (const drift of await driftOf(this.#client, namespace, objects, () => [])) await this.#patch(drift);
  }

  async #patch({ desired, path, live, predicted }: Drift): Promise<void> {
    try {
      if (live) await this.#client.patch(path, 'json', jsonPatch(live, predicted));
      else await this.#client.create(path.slice(0, path.lastIndexOf('/')), desired);
    } catch (error) {
      this.site.failed(`correct ${nameOf(desired)}: ${(error as Error).message}`);
    }
  }
}

const isLookedAt = ({ metadata }: Manifest): boolean => metadata.annotations?.['helm.toolkit.fluxcd.io/driftDetection'] !== 'disabled';

/** What Helm sets on every object that it makes. */
function marked(object: Manifest, namespace: string): Manifest {
  const { labels, annotations } = object.metadata;
  const helm = { 'meta.helm.sh/release-name': releaseName, 'meta.helm.sh/release-namespace': namespace };
  const metadata = { ...object.metadata, labels: { ...labels, 'app.kubernetes.io/managed-by': 'Helm' }, annotations: { ...annotations, ...helm } };
  return { ...object, metadata };
}

export const flux = (site: Site, connection: Connection): Tool => new Flux(site, connection);
