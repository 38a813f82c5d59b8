/** Follows a release's two Secrets as a live verifier does: the bootstrap Secret is listed before the keyring. */
import { systemClock as clock } from '../../../shared/clock.ts';
import { keyringEntry, parseKeyring, type KeyRecord } from '../../../shared/credential/keyring.ts';
import type { KubeClient } from '../../../shared/kube/client.ts';
import { remedyFor } from '../../../shared/kube/kube-error.ts';
import { collectionPath, objectPath, secretEntry, type Secret } from '../../../shared/kube/objects.ts';
import { Reflector } from '../../../shared/kube/reflector.ts';
import { createLogger } from '../../../shared/log.ts';
import type { LiveVerifier } from '../../../backend/domain/live-verifier.ts';

export interface FeedOptions {
  readonly client: KubeClient;
  readonly namespace: string;
  readonly names: { readonly bootstrap: string; readonly keyring: string };
  readonly verifier: LiveVerifier;
  readonly onEncryption: (record: KeyRecord) => void;
}

const log = createLogger('inside', 'silent');

export class SecretFeed {
  readonly #options: FeedOptions;
  readonly #bootstrap: Reflector<Secret>;
  readonly #keyring: Reflector<Secret>;

  constructor(options: FeedOptions) {
    this.#options = options;
    this.#bootstrap = this.#reflect(options.names.bootstrap, (secret) => this.#sawBootstrap(secret));
    this.#keyring = this.#reflect(options.names.keyring, (secret) => this.#sawKeyring(secret));
  }

  async start(): Promise<void> {
    for (const reflector of [this.#bootstrap, this.#keyring]) {
      reflector.start();
      await reflector.listed();
    }
  }

  async stop(): Promise<void> {
    await Promise.all([this.#bootstrap.stop(), this.#keyring.stop()]);
  }

  /** Reads both now; what cannot be read stays as it was. */
  async read(): Promise<void> {
    const { names } = this.#options;
    this.#sawBootstrap(await this.#get(names.bootstrap));
    this.#sawKeyring(await this.#get(names.keyring));
  }

  async #get(name: string): Promise<Secret | undefined> {
    const { client, namespace } = this.#options;
    try {
      return await client.get<Secret>(objectPath('secrets', namespace, name), {}, 1_000);
    } catch (error) {
      if (remedyFor(error) === 'missing' || remedyFor(error) === 'retry') return undefined;
      throw error;
    }
  }

  #reflect(name: string, saw: (secret: Secret) => void): Reflector<Secret> {
    const { client, namespace } = this.#options;
    return new Reflector<Secret>({
      client,
      path: collectionPath('secrets', namespace),
      fieldSelector: `metadata.name=${name}`,
      clock,
      log,
      onChange: ({ type, object }) => type === 'set' && saw(object),
    });
  }

  #sawBootstrap(secret: Secret | undefined): void {
    if (secret) this.#options.verifier.sawBootstrap(secretEntry(secret, 'service-token'), secret.metadata.resourceVersion);
  }

  #sawKeyring(secret: Secret | undefined): void {
    const text = secretEntry(secret, keyringEntry);
    if (!secret || text === undefined) return;
    const { keys } = parseKeyring(text);
    this.#options.verifier.sawKeyring(keys['service-token'], secret.metadata.resourceVersion);
    if (keys['encryption-key']) this.#options.onEncryption(keys['encryption-key']);
  }
}
