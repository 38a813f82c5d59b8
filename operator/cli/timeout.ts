/** The option `--timeout`, in milliseconds. */
import { Option } from 'commander';
import { parseDuration } from './show/duration.ts';

export const timeoutOption = (what: string, usual: string): Option =>
  new Option('--timeout <duration>', `${what}, as 90s, 15m or 2h`).argParser(parseDuration).default(parseDuration(usual), usual);
