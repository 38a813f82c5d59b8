/** Why there is no database, in a sentence that says what to do. It never has the URL in it. */
export class DatabaseError extends Error {
  override name = 'DatabaseError';
  /** It may go away by itself: the server is starting, or its name is not known yet. */
  readonly isWorthWaiting: boolean;

  constructor(message: string, isWorthWaiting: boolean, cause?: unknown) {
    super(message, { cause });
    this.isWorthWaiting = isWorthWaiting;
  }
}

/** SQLSTATEs (PostgreSQL's manual, appendix A) that mean a setting is wrong. */
const mistakes: Readonly<Record<string, string>> = {
  '28P01': 'PostgreSQL refused the password: check the one in DATABASE_URL (escaped as in any URL) or PGPASSWORD',
  '28000': 'PostgreSQL refused the user: check the one in DATABASE_URL, its sslmode and pg_hba.conf',
  '3D000': 'The database in DATABASE_URL does not exist: create it, or name another one',
  '42501': 'The user in DATABASE_URL may not create tables: grant it CREATE on the schema public, or make it the owner',
};

/** The codes of OpenSSL and Node for a certificate that does not hold. */
const certificates = /CERT|^UNABLE_TO_/;

/** Whether reading a file failed; a socket of the file system that is not there fails with the same code. */
const isOfFile = (error: unknown): boolean =>
  error instanceof Error && (('syscall' in error && error.syscall === 'open') || ('code' in error && error.code === 'EISDIR'));

/** Class 08, and how a server ends its sessions. */
const lostStates = /^(08...|57P0[1-3])$/;
const lostSockets = new Set(['ECONNRESET', 'EPIPE', 'ETIMEDOUT']);
/** The driver's own words, which have no code. */
const lostWords = /^(Connection terminated|Client (was closed|has encountered a connection error))/;

/** There was no answer to a statement for as long as the driver was told to wait. */
export const isSilence = (error: unknown): boolean => error instanceof Error && error.message === 'Query read timeout';

/** It has no memory, disk or time left, or somebody else has held the lock of all writers for too long. */
const overloadedStates = /^(53...|55P03|57014)$/;

/** What failed while it was under way: a DatabaseError where that is not the fault of what was asked. Lost with the connection, it may be done. */
export function interruption(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const code = 'code' in error ? String(error.code) : '';
  const isLost = lostStates.test(code) || lostSockets.has(code) || lostWords.test(error.message) || isSilence(error);
  if (isLost) return new DatabaseError('The connection to PostgreSQL was lost', true, error);
  return overloadedStates.test(code) ? new DatabaseError(`PostgreSQL cannot do more (${code})`, true, error) : error;
}

/** What a failed attempt to connect means. */
export function refusal(error: unknown): DatabaseError {
  if (error instanceof DatabaseError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const mistake = mistakes[code];
  if (mistake) return new DatabaseError(mistake, false, error);
  if (certificates.test(code)) {
    return new DatabaseError(`The certificate of PostgreSQL is not trusted (${code}): name the file of its CA by sslrootcert in DATABASE_URL`, true, error);
  }
  if (isOfFile(error)) {
    return new DatabaseError(`A file that DATABASE_URL names cannot be read (${code}): check sslrootcert, sslcert and sslkey in it`, true, error);
  }
  const detail = code || (error instanceof Error ? error.message : String(error));
  return new DatabaseError(`PostgreSQL cannot be reached (${detail}): check the host and port in DATABASE_URL, and that it runs`, true, error);
}
