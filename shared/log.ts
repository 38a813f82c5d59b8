/** One JSON line per event on standard output: a constant message, values as keys, the error under `err`. */
import { pino, type Logger } from 'pino';

export type { Logger };

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** Keys whose values must never be written, wherever they stand in a logged object. */
const secretKeys = ['value', 'token', 'password', 'secret', 'authorization', 'cookie', 'x-service-token', 'apiKey'];

export function createLogger(program: string, level: LogLevel = 'info'): Logger {
  return pino({
    level,
    base: { program },
    messageKey: 'message',
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    // The message says it; a stack would only repeat where we are.
    serializers: { err: (error: unknown) => ({ message: error instanceof Error ? error.message : String(error) }) },
    formatters: { level: (label) => ({ level: label }) },
    redact: {
      paths: secretKeys.flatMap((key) => [`["${key}"]`, `*["${key}"]`, `*.*["${key}"]`]),
      censor: '[redacted]',
    },
  });
}
