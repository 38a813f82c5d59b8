// What the API server did, from its own log: the witness no client can bribe.
import { existsSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { auditLog } from './places.ts';

export type AuditEvent = {
  auditID: string;
  stage: 'ResponseStarted' | 'ResponseComplete' | 'Panic';
  verb: string;
  requestURI: string;
  user: { username: string; groups?: string[] };
  sourceIPs?: string[];
  userAgent?: string;
  objectRef?: { resource: string; subresource?: string; namespace?: string; name?: string; apiGroup?: string };
  responseStatus?: { code: number; reason?: string };
  requestReceivedTimestamp: string;
  stageTimestamp: string;
};

/** A place in the log: take it before the act, read from it afterwards. */
export const auditOffset = (): number => (existsSync(auditLog) ? statSync(auditLog).size : 0);

/** Of a long log only the wanted lines are parsed. */
export async function readAudit(
  offset: number,
  isWanted: (line: string) => boolean = () => true,
  log: string = auditLog,
): Promise<{ events: AuditEvent[]; offset: number }> {
  await using file = await open(log);
  const { size } = await file.stat();
  const from = size < offset ? 0 : offset; // begun anew: the cluster was recreated, or the log is full
  const buffer = Buffer.alloc(size - from);
  await file.read(buffer, 0, buffer.length, from);
  const whole = buffer.subarray(0, buffer.lastIndexOf('\n') + 1); // the last line may still be being written
  const lines = whole
    .toString()
    .split('\n')
    .filter((line) => line !== '' && isWanted(line));
  return { events: lines.map((line) => JSON.parse(line) as AuditEvent), offset: from + whole.length };
}
