/** Writes the ConfigMap that people read. The operator never reads it back: what is true is computed on every pass. */
import type { KubeClient } from '../../shared/kube/client.ts';
import { remedyFor } from '../../shared/kube/kube-error.ts';
import { collectionPath, objectPath } from '../../shared/kube/objects.ts';
import { ownLabels } from '../model/names.ts';
import type { Release } from '../model/release.ts';
import type { Snapshot } from '../model/snapshot.ts';
import type { StatusDocument } from './status-document.ts';

/** Milliseconds. */
const writeAgainMs = 600_000;

export class StatusWriter {
  readonly #client: KubeClient;
  readonly #release: Release;
  #written: string | undefined;
  #writtenAt = 0;

  constructor(client: KubeClient, release: Release) {
    this.#client = client;
    this.#release = release;
  }

  /** Writes if anything but the time has changed since the last write, and now and then: it may have been deleted. */
  async write({ sources }: Snapshot, document: StatusDocument, now: number): Promise<void> {
    const data = {
      phase: document.phase,
      bootstrapResourceVersion: sources.bootstrap?.resourceVersion ?? '',
      encryptionResourceVersion: sources.encryption?.resourceVersion ?? '',
      'status.json': JSON.stringify(document, undefined, 2),
    };
    const content = JSON.stringify(data);
    if (content === this.#written && now - this.#writtenAt < writeAgainMs) return;
    await this.#put({ ...data, writtenAt: new Date(now).toISOString() });
    this.#written = content;
    this.#writtenAt = now;
  }

  async #put(data: Readonly<Record<string, string>>): Promise<void> {
    const { namespace, name: release, rotationConfigMap: name } = this.#release;
    try {
      await this.#client.patch(objectPath('configmaps', namespace, name), 'merge', { data });
    } catch (error) {
      if (remedyFor(error) !== 'missing') throw error;
      const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, labels: ownLabels(release) }, data };
      await this.#client.create(collectionPath('configmaps', namespace), body);
    }
  }
}
