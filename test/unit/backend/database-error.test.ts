import { describe, expect, it } from 'vitest';
import { refusal } from '../../../backend/store/database-error.ts';

const because = (code: string) => refusal(Object.assign(new Error('no'), { code }));

describe('a connection to PostgreSQL that is refused', () => {
  it.each(['DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'ERR_TLS_CERT_ALTNAME_INVALID'])(
    'for its certificate says so, and may be mended while the backend waits: %s',
    (code) => {
      const { message, isWorthWaiting } = because(code);
      expect(message).toBe(`The certificate of PostgreSQL is not trusted (${code}): name the file of its CA by sslrootcert in DATABASE_URL`);
      expect(isWorthWaiting).toBe(true);
    },
  );

  it.each([
    ['ENOENT', 'open'],
    ['EACCES', 'open'],
    ['EISDIR', 'read'],
  ])('for a file that cannot be read speaks of the files: %s', (code, syscall) => {
    const { message, isWorthWaiting } = refusal(Object.assign(new Error('no'), { code, syscall }));
    expect(message).toBe(`A file that DATABASE_URL names cannot be read (${code}): check sslrootcert, sslcert and sslkey in it`);
    expect(isWorthWaiting).toBe(true);
  });

  it.each([
    ['ENOENT', 'connect'],
    ['ECONNRESET', 'read'],
  ])('for a socket speaks of host and port: %s', (code, syscall) => {
    expect(refusal(Object.assign(new Error('no'), { code, syscall })).message).toContain(`(${code}): check the host and port`);
  });

  it('for anything else speaks of host and port', () => {
    expect(because('ECONNREFUSED').message).toContain('PostgreSQL cannot be reached (ECONNREFUSED): check the host and port');
  });
});
