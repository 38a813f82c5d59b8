/** Passes live messages on between the replicas that share a PostgreSQL. On SQLite there is one replica. */
import { LiveRelay, type LiveRelayOptions } from './domain/live-relay.ts';

export type RelayMessagesOptions = Omit<LiveRelayOptions, 'channel'>;

/** The driver is loaded here: installs with SQLite do without its memory. */
export async function relayMessages(databaseUrl: string | undefined, options: RelayMessagesOptions): Promise<LiveRelay | undefined> {
  if (databaseUrl === undefined) return undefined;
  const { PostgresqlChannel } = await import('./store/postgresql-channel.ts');
  const onLost = (error: Error) => options.log.warn({ err: error }, 'no connection to the other replicas');
  const relay = new LiveRelay({ ...options, channel: new PostgresqlChannel({ url: databaseUrl, onLost }) });
  relay.start();
  return relay;
}
