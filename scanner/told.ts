/**
 * What the backend was told of each resource, and what it takes to put it right.
 *
 * The only way to take back a single finding is to delete all of its resource, so that is done only where the
 * backend may hold one that is no longer true; otherwise posting, which replaces, is enough.
 */
import type { BackendRequest } from '../shared/delivery/backend.ts';
import type { Message } from '../shared/delivery/delivery.ts';
import type { FindingReport } from '../shared/contract/security.ts';
import type { Finding, Resource } from './finding.ts';

interface Told {
  /** Titles that the backend may have: more than it has while a message is under way, never fewer. */
  mayHave: ReadonlySet<string>;
  /** Of the findings last sent, or learnt from the backend. */
  readonly print: string;
}

/** What the backend tells of a finding, too; the rest of it follows from this. */
type Facts = Pick<Finding, 'title' | 'description'> & { readonly severity: string; readonly category: string };

export class ToldFindings {
  readonly #told = new Map<string, Told>();

  /** Resources of which the backend may have findings. */
  get size(): number {
    return this.#told.size;
  }

  /** The message that makes the backend hold exactly `findings`; undefined if nothing needs to be said. */
  change(
    resource: Resource,
    findings: readonly Finding[],
    report: (finding: Finding) => FindingReport,
  ): Message | undefined {
    const key = keyOf(resource);
    const print = printOf(findings);
    const titles = titlesOf(findings);
    const known = this.#told.get(key) ?? { mayHave: new Set<string>(), print: printOf([]) };
    if (known.print === print) return undefined;
    const isStale = [...known.mayHave].some((title) => !titles.has(title));
    const told: Told = { mayHave: new Set([...known.mayHave, ...titles]), print };
    this.#told.set(key, told);
    return {
      key,
      requests: () => [
        ...(isStale ? [deletion(resource)] : []),
        ...findings.map((finding) => ({ method: 'POST' as const, path: '/api/security/findings', body: report(finding) })),
      ],
      onDelivered: () => {
        if (this.#told.get(key) !== told) return;
        told.mayHave = titles;
        if (titles.size === 0) this.#told.delete(key);
      },
    };
  }

  /** What the backend must have by now: all that is not `isOnItsWay`, by key. For `learn`, before its list is asked for. */
  arrived(isOnItsWay: (key: string) => boolean): ReadonlyMap<string, Told> {
    return new Map([...this.#told].filter(([key]) => !isOnItsWay(key)));
  }

  /** Replaces by what the backend lists what had arrived before; the list may lack anything later. Returns the resources. */
  learn(listed: Iterable<{ readonly resource: Resource; readonly finding: Facts }>, arrived: ReadonlyMap<string, Told>): Resource[] {
    const resources = new Map<string, Resource>();
    const findings = new Map<string, Facts[]>();
    for (const { resource, finding } of listed) {
      const key = keyOf(resource);
      resources.set(key, resource);
      findings.set(key, [...(findings.get(key) ?? []), finding]);
    }
    for (const [key, told] of arrived) {
      if (this.#told.get(key) === told) this.#told.delete(key);
    }
    for (const [key, ofResource] of findings) {
      if (!this.#told.has(key)) this.#told.set(key, { mayHave: titlesOf(ofResource), print: printOf(ofResource) });
    }
    return [...resources.values()];
  }

  /** Makes every finding worth sending again. */
  doubt(): void {
    for (const [key, { mayHave }] of this.#told) this.#told.set(key, { mayHave, print: 'in doubt' });
  }
}

const titlesOf = (findings: readonly Facts[]): Set<string> => new Set(findings.map(({ title }) => title));

/** The same in whatever order. */
function printOf(findings: readonly Facts[]): string {
  return findings
    .map(({ title, severity, category, description }) => JSON.stringify([title, severity, category, description]))
    .toSorted()
    .join();
}

export function keyOf({ type, namespace, name }: Resource): string {
  return `${type}/${namespace}/${name}`;
}

function deletion(resource: Resource): BackendRequest {
  const path = [resource.type, resource.namespace, resource.name].map(encodeURIComponent).join('/');
  return { method: 'DELETE', path: `/api/security/findings/resource/${path}` };
}
