/** What the releases of one test share. */
import type { Connection } from '../../../shared/kube/connect.ts';
import { AuditTrail } from './audit-trail.ts';
import { Insides } from './insides.ts';
import { leanConnection } from './lean-connection.ts';

export interface World {
  readonly connection: Connection;
  readonly insides: Insides;
  readonly audit: AuditTrail;
  end(): Promise<void>;
}

export async function openWorld(): Promise<World> {
  const { connection, end } = await leanConnection();
  const insides = await Insides.start(connection);
  const close = async () => {
    await insides.stop();
    await end();
  };
  return { connection, insides, audit: new AuditTrail(), end: close };
}
