/** Follows the bootstrap Secret and the keyring Secret, each by its name, and tells those who live by what they hold. */
import type { Clock } from '../../shared/clock.ts';
import { keyringEntry, KeyringError, parseKeyring, type Keyring } from '../../shared/credential/keyring.ts';
import { isBlindRender, renderMarkAnnotation } from '../../shared/credential/render-mark.ts';
import type { KubeClient } from '../../shared/kube/client.ts';
import { undefinedIfMissing } from '../../shared/kube/kube-error.ts';
import { collectionPath, objectPath, secretEntry, type Secret } from '../../shared/kube/objects.ts';
import { Reflector, type Delta } from '../../shared/kube/reflector.ts';
import type { Logger } from '../../shared/log.ts';
import type { EncryptionKeys } from '../domain/encryption-keys.ts';
import type { LiveVerifier } from '../domain/live-verifier.ts';
import type { SessionSecret } from '../domain/session-secret.ts';
import type { Metrics } from '../metrics.ts';
import { showWatches } from './watch-metrics.ts';

export interface BootstrapSecretsOptions {
  readonly client: KubeClient;
  readonly namespace: string;
  readonly names: { readonly bootstrap: string; readonly keyring: string };
  /** Entries of the bootstrap Secret's `data`. */
  readonly entries: { readonly serviceToken: string; readonly sessionSecret: string };
  readonly verifier: LiveVerifier;
  readonly sessionSecret: SessionSecret;
  readonly encryptionKeys: EncryptionKeys;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly log: Logger;
}

const releaseLabel = 'app.kubernetes.io/instance';
const directReadMs = 1_000;

export class BootstrapSecrets {
  readonly #options: BootstrapSecretsOptions;
  readonly #bootstrap: Reflector<Secret>;
  readonly #keyring: Reflector<Secret>;
  readonly #canJudge = Promise.withResolvers<void>();
  #keyringIsUnderstood = true;

  constructor(options: BootstrapSecretsOptions) {
    this.#options = options;
    this.#bootstrap = this.#reflect(options.names.bootstrap, (secret) => this.#sawBootstrap(secret));
    this.#keyring = this.#reflect(options.names.keyring, (secret) => this.#sawKeyring(secret));
    showWatches(options.metrics.registry, {
      [options.names.bootstrap]: this.#bootstrap.stats,
      [options.names.keyring]: this.#keyring.stats,
    });
  }

  /**
   * Begins; resolves when both were read and something is accepted. A keyring that does not exist yet was read, one
   * that cannot be understood was not. The order matters: what the first no longer has, the second records.
   */
  async start(): Promise<void> {
    this.#bootstrap.start();
    await this.#bootstrap.listed();
    this.#keyring.start();
    await this.#keyring.listed();
    this.#checkWhetherItCanJudge();
    await this.#canJudge.promise;
  }

  async stop(): Promise<void> {
    await Promise.all([this.#bootstrap.stop(), this.#keyring.stop()]);
  }

  /** Reads both now, within one second in all. Never rejects: the last known set stays in force. */
  async read(): Promise<void> {
    const { clock, names, metrics, log } = this.#options;
    const deadline = clock.now() + directReadMs;
    try {
      this.#sawBootstrap(await this.#get(names.bootstrap, deadline));
      this.#sawKeyring(await this.#get(names.keyring, deadline));
      metrics.secretReads.inc({ outcome: 'done' });
    } catch (error) {
      metrics.secretReads.inc({ outcome: 'failed' });
      log.warn({ err: error }, 'cannot read the Secrets again; the last known ones decide');
    }
  }

  #get(name: string, deadline: number): Promise<Secret | undefined> {
    const { client, namespace, clock } = this.#options;
    const remainingMs = Math.max(1, deadline - clock.now());
    return client.get<Secret>(objectPath('secrets', namespace, name), undefined, remainingMs).catch(undefinedIfMissing);
  }

  #reflect(name: string, saw: (secret: Secret) => void): Reflector<Secret> {
    const { client, namespace, clock, log } = this.#options;
    return new Reflector<Secret>({
      client,
      path: collectionPath('secrets', namespace),
      fieldSelector: `metadata.name=${name}`,
      clock,
      log: log.child({ secretName: name }),
      onChange: (delta: Delta<Secret>) => {
        if (delta.type === 'set') saw(delta.object);
        else log.warn({ secretName: name }, 'the Secret was deleted; what it last held stays in force');
      },
    });
  }

  #sawBootstrap(secret: Secret | undefined): void {
    if (!secret) return;
    const { entries, verifier, sessionSecret: sessions } = this.#options;
    const { resourceVersion, labels, annotations } = secret.metadata;
    const serviceToken = secretEntry(secret, entries.serviceToken);
    const sessionSecret = secretEntry(secret, entries.sessionSecret);
    const values = { 'service-token': serviceToken, 'session-secret': sessionSecret };
    verifier.sawBootstrap(serviceToken, resourceVersion);
    sessions.sawBootstrap({
      resourceVersion,
      serviceToken,
      sessionSecret,
      isBlindRender: isBlindRender(annotations?.[renderMarkAnnotation], { source: 'bootstrap', release: labels?.[releaseLabel] ?? '', values }),
    });
    this.#checkWhetherItCanJudge();
  }

  #sawKeyring(secret: Secret | undefined): void {
    if (!secret) return;
    const text = secretEntry(secret, keyringEntry);
    try {
      if (text !== undefined) this.#tell(parseKeyring(text), secret.metadata.resourceVersion);
      this.#keyringIsUnderstood = true;
    } catch (error) {
      if (!(error instanceof KeyringError)) throw error;
      this.#keyringIsUnderstood = false;
      this.#options.log.error({ err: error }, 'the keyring cannot be read; the last known one decides');
    }
    this.#checkWhetherItCanJudge();
  }

  #tell({ keys }: Keyring, resourceVersion: string): void {
    const { verifier, sessionSecret, encryptionKeys } = this.#options;
    verifier.sawKeyring(keys['service-token'], resourceVersion);
    sessionSecret.sawKeyring(keys['session-secret'], resourceVersion);
    encryptionKeys.sawKeyring(keys['encryption-key'], resourceVersion);
  }

  #checkWhetherItCanJudge(): void {
    const wasRead = this.#keyring.hasListed && this.#keyringIsUnderstood;
    if (wasRead && this.#options.verifier.acceptsAny) this.#canJudge.resolve();
  }
}
