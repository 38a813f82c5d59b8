/** The commands in the order of the help. Each is loaded when it is called: the operator should not carry the others. */
import type { Command } from 'commander';
import type { Cli } from './command.ts';

type Load = (cli: Cli) => Promise<Command>;

export const commands = {
  status: async (cli) => (await import('./commands/status.ts')).status(cli),
  plan: async (cli) => (await import('./commands/plan.ts')).plan(cli),
  rotate: async (cli) => (await import('./commands/rotate.ts')).rotate(cli),
  pause: async (cli) => (await import('./commands/pause.ts')).pause(cli),
  resume: async (cli) => (await import('./commands/resume.ts')).resume(cli),
  abort: async (cli) => (await import('./commands/abort.ts')).abort(cli),
  accept: async (cli) => (await import('./commands/accept.ts')).accept(cli),
  retire: async (cli) => (await import('./commands/retire.ts')).retire(cli),
  history: async (cli) => (await import('./commands/history.ts')).history(cli),
  verify: async (cli) => (await import('./commands/verify.ts')).verify(cli),
  doctor: async (cli) => (await import('./commands/doctor.ts')).doctor(cli),
  selftest: async (cli) => (await import('./commands/selftest.ts')).selftest(cli),
  operator: async (cli) => (await import('./commands/operator.ts')).operator(cli),
} as const satisfies Readonly<Record<string, Load>>;
