/** The command line as a whole: global options, commands, and one exit code for whatever happens. */
import { Command, CommanderError, Option, type OutputConfiguration } from 'commander';
import manifest from '../../package.json' with { type: 'json' };
import { adviceOn } from './advice.ts';
import type { Cli } from './command.ts';
import { commands } from './commands.ts';
import { CommandError, exitCodes, type Exit } from './exit.ts';
import { openSession, type GlobalOptions } from './open.ts';
import { screenOn } from './screen.ts';
import type { Environment } from './release/settings.ts';

/** The process as the program sees it. */
export interface Surroundings {
  /** Without the program's own name. */
  readonly args: readonly string[];
  readonly env: Environment;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: Pick<NodeJS.WriteStream, 'write'>;
  readonly signal: AbortSignal;
}

const helpWidth = 100;

/** Resolves with the exit code. */
export async function runProgram(surroundings: Surroundings): Promise<number> {
  const { args, env, stdout, stderr, signal } = surroundings;
  let exit: Exit = 'done';
  const screenFor = (command: Command) => screenOn(stdout, env, globals(command).output, stderr);
  const cli: Cli = {
    env,
    signal,
    screen: screenFor,
    open: (command) => openSession(globals(command), env, screenFor(command), signal),
    end: (how) => (exit = how),
  };
  const output = {
    // The same everywhere, so that the documentation can show it.
    getOutHelpWidth: () => helpWidth,
    writeOut: (text: string) => void stdout.write(text),
    writeErr: (text: string) => void stderr.write(text),
  };
  const program = await createProgram(cli, args, output);
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCodes[exit];
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : exitCodes.usage;
    const stopped = signal.aborted && error !== signal.reason ? (signal.reason as Error).message : undefined;
    const said = [stopped, (error as Error).message, adviceOn(error)].filter((part) => part !== undefined);
    stderr.write(`kure-bootstrap: ${said.join('; ')}\n`);
    return exitCodes[error instanceof CommandError ? error.exit : 'failure'];
  }
}

const globals = (command: Command): GlobalOptions => command.optsWithGlobals<GlobalOptions>();

/** With a command among the arguments only that one is loaded; the help lists all. */
async function createProgram(cli: Cli, args: readonly string[], output: OutputConfiguration): Promise<Command> {
  const program = new Command('kure-bootstrap')
    .description('Rotates the shared credentials of Kure Monitor with no rejected request.')
    .option('-n, --namespace <name>', 'namespace of the release (default: that of the context or of the pod)')
    .option('--release <name>', 'the release (default: the only one in the namespace)')
    .option('--context <name>', 'context of the kubeconfig')
    .option('--kubeconfig <file>', 'path of the kubeconfig')
    .addOption(new Option('-o, --output <format>', 'what to print').choices(['text', 'json']).default('text'))
    .version(manifest.version, '-V, --version', 'display the version')
    .helpCommand(false)
    .addHelpText('after', '\nHelp on a command: kure-bootstrap <command> --help. As a plugin of kubectl: kubectl kure-bootstrap <command>.')
    .showHelpAfterError('Run `kure-bootstrap --help` for the commands, or `kure-bootstrap <command> --help` for one of them.')
    .configureOutput(output)
    .exitOverride();
  // After an option it may be that option's value, such as a namespace.
  const named = Object.keys(commands).filter((name) => args.some((arg, index) => arg === name && !args[index - 1]?.startsWith('-')));
  const wanted = args.includes('--help') || args.includes('-h') || named.length === 0 ? Object.keys(commands) : named;
  for (const name of wanted) program.addCommand((await commands[name as keyof typeof commands](cli)).copyInheritedSettings(program));
  return program;
}
