/** scripts/test: runs the checks one after the other, cheap ones first, and ends with `N passed, N failed`. */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { styleText } from 'node:util';
import { Command } from 'commander';
import { prepareTestBed, testBedTools } from '../testbed/demo/cluster-tools.ts';

interface Check {
  readonly name: string;
  readonly about: string;
  /** A command that counts as one test, or a vitest project that counts its own. */
  readonly run: { readonly command: readonly string[] } | { readonly project: string };
  readonly needsCluster?: true;
}

const checks: readonly Check[] = [
  { name: 'types', about: 'strict TypeScript, the dashboard too', run: { command: ['npm', 'run', '--silent', 'types'] } },
  { name: 'lint', about: 'rules, and which folder may import which', run: { command: ['oxlint', '--type-aware', '--deny-warnings', '.'] } },
  { name: 'dead', about: 'no unused file, export or dependency', run: { command: ['knip'] } },
  { name: 'unit', about: 'one piece at a time', run: { project: 'unit' } },
  { name: 'store', about: 'the backend over a real PostgreSQL', run: { project: 'store' } },
  { name: 'property', about: 'the real decide in a model cluster; the accepted set', run: { project: 'property' } },
  { name: 'wire', about: 'answers as Kure Monitor 2.3 gives them, but for the rows of docs/compatibility.md', run: { project: 'wire' } },
  { name: 'security', about: 'attacks on the backend; SECURITY_CASES is 300', run: { project: 'security' } },
  { name: 'chart', about: 'what the chart renders', run: { project: 'chart' }, needsCluster: true },
  { name: 'cluster', about: 'pieces against a real API server', run: { project: 'cluster' }, needsCluster: true },
  { name: 'soak', about: 'watches under random faults; SOAK_MINUTES is 2', run: { project: 'soak' }, needsCluster: true },
  { name: 'scale', about: 'crashes, flapping, two operators; CRASH_POINTS is 3 of each scenario, FLAPPING_SECONDS 60', run: { project: 'scale' }, needsCluster: true },
  { name: 'delivery', about: 'the chart by every tool; DELIVERY is those rows of docs/delivery.md whose values the chart makes', run: { project: 'delivery' }, needsCluster: true },
  { name: 'page', about: 'the dashboard in Chromium, against the real backend', run: { project: 'page' }, needsCluster: true },
  { name: 'e2e', about: 'rotations on real pods under live traffic; CRASH_POINTS is 3', run: { project: 'e2e' }, needsCluster: true },
  { name: 'alone', about: 'end to end, too, with nobody else in the cluster: its own operator, every connection', run: { project: 'alone' }, needsCluster: true },
];

interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

interface Result extends Outcome {
  readonly counts: Counts;
}

interface Outcome {
  readonly code: number;
  /** The last lines that were printed, the failures among them; empty on a terminal, where a check shows its progress by itself. */
  readonly end: string;
}

/** How much of a failed check is shown again above the summary, in lines: whoever keeps a log may keep no more than its end. */
const shownAgain = 80;

function execute(command: readonly string[]): Promise<Outcome> {
  const [program = '', ...args] = command;
  return new Promise((resolve, reject) => {
    const output = process.stdout.isTTY ? 'inherit' : 'pipe';
    const child = spawn(program, args, { stdio: ['inherit', output, output] });
    let end = '';
    for (const [from, to] of [[child.stdout, process.stdout], [child.stderr, process.stderr]] as const) {
      from?.setEncoding('utf8').on('data', (text: string) => {
        to.write(text);
        end = (end + text).split('\n').slice(-shownAgain).join('\n');
      });
    }
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? 1, end }));
  });
}

async function perform({ run }: Check, reports: string): Promise<Result> {
  if ('command' in run) {
    const outcome = await execute(run.command);
    return { ...outcome, counts: countOne(outcome.code) };
  }
  const report = join(reports, `${run.project}.json`);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const outcome = await execute(['vitest', 'run', '--project', run.project, ...reporters]);
  // A run that was killed leaves no report.
  const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(await readFile(report, 'utf8').catch(() => '{}')) as Record<string, number>;
  const counts = { passed: numPassedTests ?? 0, failed: numFailedTests ?? 0, skipped: numPendingTests ?? 0 };
  // A set-up that fails, or a file that cannot even be loaded, has no tests to fail.
  return { ...outcome, counts: outcome.code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts };
}

const countOne = (code: number): Counts => ({ passed: Number(code === 0), failed: Number(code !== 0), skipped: 0 });

async function runAll(chosen: readonly Check[]): Promise<Counts> {
  const reports = await mkdtemp(join(tmpdir(), 'kure-bootstrap-'));
  const results: (Result & { name: string; seconds: number })[] = [];
  if (chosen.some(({ needsCluster }) => needsCluster)) {
    await prepareTestBed();
    testBedTools();
  }
  for (const check of chosen) {
    console.log(`\n${styleText('bold', check.name)}: ${check.about}`);
    const startedAt = performance.now();
    const result = await perform(check, reports);
    results.push({ ...result, name: check.name, seconds: (performance.now() - startedAt) / 1000 });
  }
  await rm(reports, { recursive: true });
  for (const { name, end } of results.filter(({ counts, end }) => counts.failed > 0 && end !== '')) {
    console.log(`\n${styleText('bold', `${name} failed`)}; it ended with:\n\n${end}`);
  }
  console.log();
  for (const { name, seconds, counts } of results) {
    console.log(`${name.padEnd(10)}${seconds.toFixed(0).padStart(5)} s${String(counts.passed).padStart(6)} passed${String(counts.failed).padStart(6)} failed`);
  }
  const sum = (key: keyof Counts) => results.reduce((total, { counts }) => total + counts[key], 0);
  return { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') };
}

/** What is not part of this project, so that some tests are skipped without it. */
interface Upstream {
  readonly upstreamChart?: string;
  readonly upstreamImages?: string;
}

const names = checks.map(({ name }) => name);

await new Command('scripts/test')
  .description('Runs every check; brings the test bed up where one needs it.')
  .argument('[checks...]', `only these: ${names.join(', ')}`, names)
  .option('--upstream-chart <folder>', "Kure Monitor's own chart 2.3.0, to be taken over; UPSTREAM_CHART", process.env['UPSTREAM_CHART'])
  .option('--upstream-images <folder>', "archives of the images that its chart names, the database's and curl's among them; UPSTREAM_IMAGES", process.env['UPSTREAM_IMAGES'])
  .addHelpText('after', '\nExample:\n  scripts/test unit property\n\nExit codes: 0 everything passed, 1 something failed.')
  .action(async (wanted: readonly string[], { upstreamChart, upstreamImages }: Upstream, command: Command) => {
    const unknown = wanted.filter((name) => !names.includes(name));
    if (unknown.length > 0) command.error(`there is no check ${unknown.join(', ')}; there are ${names.join(', ')}`);
    Object.assign(process.env, upstreamChart && { UPSTREAM_CHART: resolve(upstreamChart) }, upstreamImages && { UPSTREAM_IMAGES: resolve(upstreamImages) });
    const { passed, failed, skipped } = await runAll(checks.filter(({ name }) => wanted.includes(name)));
    console.log(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
    process.exitCode = failed > 0 ? 1 : 0;
  })
  .parseAsync();
