/** What the backend follows in the cluster: the two Secrets that it lives by, and what the operator says. */
import type { Clock } from '../shared/clock.ts';
import { KubeClient } from '../shared/kube/client.ts';
import { connect } from '../shared/kube/connect.ts';
import type { Logger } from '../shared/log.ts';
import type { Config } from './config.ts';
import type { EncryptionKeys } from './domain/encryption-keys.ts';
import type { LiveFeed } from './domain/live-feed.ts';
import { LiveVerifier } from './domain/live-verifier.ts';
import type { Readiness } from './domain/readiness.ts';
import type { ServiceTokens } from './domain/service-tokens.ts';
import type { SessionSecret } from './domain/session-secret.ts';
import { BootstrapSecrets } from './kube/bootstrap-secrets.ts';
import { RotationReader } from './kube/rotation-reader.ts';
import type { Metrics } from './metrics.ts';

export interface FollowClusterDeps {
  readonly tokens: ServiceTokens;
  readonly sessionSecret: SessionSecret;
  readonly encryptionKeys: EncryptionKeys;
  readonly feed: LiveFeed;
  readonly readiness: Readiness;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly log: Logger;
}

export interface FollowedCluster {
  readonly secrets: BootstrapSecrets;
  readonly rotation: RotationReader | undefined;
  stop(): Promise<void>;
}

/** Undefined if no Secrets are configured: then SERVICE_TOKEN alone decides. */
export async function followCluster(config: Config, deps: FollowClusterDeps): Promise<FollowedCluster | undefined> {
  if (!config.secrets) return undefined;
  const connection = await connect();
  const place = {
    client: new KubeClient(connection, 'kure-backend'),
    namespace: config.namespace ?? connection.namespace,
  };
  const secrets = new BootstrapSecrets({
    ...place,
    names: config.secrets,
    entries: config.entries,
    verifier: new LiveVerifier(deps.tokens),
    ...deps,
  });
  const { bootstrap, keyring } = config.secrets;
  const wasRead = deps.readiness.waitFor(
    `the Secrets ${bootstrap} and ${keyring} have not been read, or hold no valid service token (get, list and watch on both are needed)`,
  );
  void secrets.start().then(wasRead);

  const { rotationConfigMap: name } = config;
  const onChange = () => deps.feed.tell('credentials_change', {});
  const rotation = name === undefined ? undefined : new RotationReader({ ...place, name, onChange, ...deps });
  rotation?.start();
  return {
    secrets,
    rotation,
    stop: async () => {
      await Promise.all([secrets.stop(), rotation?.stop()]);
    },
  };
}
