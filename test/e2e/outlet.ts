/** What lets the pods of the test bed, or a program in their network, reach one socket of the host. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { inside } from '../../testbed/network.ts';
import { bound } from '../fixtures/bound.ts';

export interface Outlet {
  /** Where it is to be found, inside the network of the pods. */
  readonly port: number;
  /** A unix socket of the host. */
  readonly socket: string;
  /** The loopback where not given: no pod has the same. */
  readonly address?: string;
}

/** Resolves when it listens. Who started it ends it. */
export async function startOutlet({ port, socket, address = '127.0.0.1' }: Outlet): Promise<ChildProcess> {
  const line = inside(process.execPath, 'testbed/outlet.ts', String(port), socket, address);
  const { program, args } = bound(line.program, ...line.args);
  const outlet = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(outlet, 'exit').then(([code]) => Promise.reject(new Error(`the outlet ended with ${code}`)));
  await Promise.race([once(outlet.stdout, 'data'), ended]);
  return outlet;
}
