/** `kure-bootstrap doctor` */
import type { Command } from 'commander';
import { explained, type Cli } from '../command.ts';
import { checks } from '../doctor/checks.ts';
import { gatherFacts, type Facts } from '../doctor/facts.ts';
import type { Finding } from '../doctor/finding.ts';
import { tellingWait } from '../patience.ts';
import type { Screen } from '../screen.ts';

export const doctor = (cli: Cli): Command =>
  explained('doctor', {
    purpose: 'Looks for what would keep a rotation from working; each finding comes with what mends it.',
    example: 'kubectl kure-bootstrap doctor -n kure-system',
    exits: { done: 'nothing found, or hints only', findings: 'something found' },
  }).action(async (_options: object, command: Command) => {
    const session = await cli.open(command);
    const facts = await tellingWait(session.screen, 'for all that has to be looked at', gatherFacts(session));
    const results = Object.entries(checks).map(([what, examination]) => resultOf(what, examination, facts));
    session.screen.print(headingOf(facts), ...results.flatMap((result) => resultLines(result, session.screen)));
    session.screen.document(results);
    cli.end(results.some(({ findings }) => findings.some(isWrong)) ? 'findings' : 'done');
  });

interface Result {
  readonly what: string;
  readonly findings: readonly Finding[];
  /** It could not be looked at. */
  readonly isUnknown?: true;
}

export function resultOf(what: string, { check, needs }: (typeof checks)[string], facts: Facts): Result {
  const findings = check(facts);
  const isUnknown = findings.length === 0 && needs.some((part) => facts.hidden.has(part));
  return { what, findings, ...(isUnknown && { isUnknown }) };
}

const isWrong = ({ isHint }: Finding): boolean => isHint !== true;

function headingOf({ release, kubernetes, helm, operator }: Facts): string {
  const chart = helm?.chart ?? operator?.metadata.labels?.['helm.sh/chart'] ?? 'unknown';
  return `${release.name} in ${release.namespace}; Kubernetes ${kubernetes.major}.${kubernetes.minor}, chart ${chart}`;
}

function resultLines({ what, findings, isUnknown }: Result, screen: Screen): string[] {
  if (isUnknown) return [`${screen.paint('yellow', '?   ')}${what}: cannot be seen from here, or with your rights`];
  const mark = findings.some(isWrong) ? screen.paint('red', 'no  ') : screen.paint('green', 'ok  ');
  return [mark + what, ...findings.flatMap((finding) => [`      ${finding.what}`, ...finding.mend.map((line) => `        ${line}`)])];
}
