/** What the releases of one test share. */
import { connect, type Connection } from '../../../shared/kube/connect.ts';
import { AuditTrail } from './audit-trail.ts';
import { Insides } from './insides.ts';

export interface World {
  readonly connection: Connection;
  readonly insides: Insides;
  readonly audit: AuditTrail;
  end(): Promise<void>;
}

export async function openWorld(): Promise<World> {
  const connection = await connect();
  const insides = await Insides.start(connection);
  return { connection, insides, audit: new AuditTrail(), end: () => insides.stop() };
}
