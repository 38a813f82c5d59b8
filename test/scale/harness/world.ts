/** What the releases of one test share. */
import type { Connection } from '../../../shared/kube/connect.ts';
import { AuditTrail } from './audit-trail.ts';
import { Insides } from './insides.ts';
import { leanConnection } from './lean-connection.ts';
import { Namespaces } from './namespaces.ts';
import { Statuses } from './statuses.ts';

export interface World {
  readonly connection: Connection;
  readonly insides: Insides;
  readonly audit: AuditTrail;
  readonly namespaces: Namespaces;
  readonly statuses: Statuses;
  end(): Promise<void>;
}

export async function openWorld(): Promise<World> {
  const { connection, end } = await leanConnection();
  const insides = await Insides.start(connection);
  const statuses = await Statuses.start(connection);
  const namespaces = new Namespaces(connection);
  const close = async () => {
    await Promise.all([insides.stop(), statuses.stop()]);
    await namespaces.end();
    await end();
  };
  return { connection, insides, audit: new AuditTrail(), namespaces, statuses, end: close };
}
