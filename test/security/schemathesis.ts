/** schemathesis, which asks a backend in all the ways that its OpenAPI document allows, and in ways that it does not. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { command } from '../../testbed/command.ts';
import { withLock } from '../../testbed/lock.ts';
import { cache } from '../../testbed/places.ts';

const version = '4.32.5';
const folder = join(cache, `schemathesis-${version}`);
const program = join(folder, 'bin/schemathesis');

/** Installed once, in a virtual environment of its own; pip is the machine's, so that Debian's venv package is not needed. */
export async function prepareSchemathesis(): Promise<void> {
  mkdirSync(cache, { recursive: true });
  await withLock(`${folder}.lock`, async () => {
    if (existsSync(join(folder, 'ready'))) return;
    rmSync(folder, { recursive: true, force: true });
    await command('python3', ['-m', 'venv', '--without-pip', folder]);
    await command('python3', ['-m', 'pip', '--python', join(folder, 'bin/python'), 'install', '--quiet', `schemathesis==${version}`]);
    writeFileSync(join(folder, 'ready'), '');
  });
}

/** What a caller shows, by the names that the document has for it. */
export type Shown = Readonly<Partial<Record<'session' | 'serviceToken', string>>>;

export interface Findings {
  /** Requests that were made up and sent. */
  readonly cases: number;
  /** What is not as the document says; empty if nothing. */
  readonly failures: string;
}

const configuration = (shown: Shown): string => `
warnings = false
continue-on-failure = true

# What a schema cannot say is refused with 400, such as a wrong password, or with 410, such as a link that was used.
[checks.positive_data_acceptance]
expected-statuses = ["2xx", 400, 401, 403, 404, 409, 410, 429]

# 502 is the failure of somebody else, whom an admin has made the backend ask.
[[operations]]
include-operation-id = ["explainFromLogs", "testNotification"]
checks.not_a_server_error.expected-statuses = ["2xx", "4xx", 502]

# It would find its own session in the list and end it, and be nobody from then on.
[[operations]]
include-operation-id = "endSession"
phases.fuzzing.extra-data-sources.responses = false
phases.coverage.extra-data-sources.responses = false

# Things are there under these ids and names, so that requests get as far as to them.
[dictionaries.ids]
values = ["1", "2", "3"]
[dictionaries.names]
values = ["web-1", "shop", "registry.example"]
[parameters]
"path.id" = { dictionary = "ids", probability = 0.5 }
"path.name" = { dictionary = "names", probability = 0.5 }

${Object.entries(shown).map(([scheme, value]) => `[auth.openapi.${scheme}]\napi_key = "${value}"\n`).join('\n')}`;

/** At least `cases` requests over all operations; all checks. `directory` is for its files. */
export async function askInAllWays(url: string, shown: Shown, cases: number, directory: string): Promise<Findings> {
  const config = join(directory, 'schemathesis.toml');
  writeFileSync(config, configuration(shown));
  const document = (await (await fetch(`${url}/api/openapi.json`)).json()) as { paths: Record<string, object> };
  const operations = Object.values(document.paths).flatMap((path) => Object.keys(path)).length;
  const options = ['--phases', 'coverage,fuzzing', '--max-examples', String(Math.ceil(cases / operations)), '--generation-database', 'none'];
  const child = spawn(program, ['--config-file', config, '--no-color', 'run', `${url}/api/openapi.json`, ...options], { cwd: directory });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number];
  const failures = output.split(/^=+ (?:FAILURES|ERRORS) =+$/m).slice(1).join('\n');
  return { cases: Number(/(\d+) generated/.exec(output)?.[1] ?? 0), failures: code === 0 ? '' : failures || output };
}
