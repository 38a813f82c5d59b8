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
  /** The findings last sent, '' if learnt from the backend. */
  readonly print: string;
}

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
    const print = JSON.stringify(findings);
    const titles = new Set(findings.map(({ title }) => title));
    const known = this.#told.get(key) ?? { mayHave: new Set<string>(), print: '[]' };
    if (known.print === print) return undefined;
    const isStale = [...known.mayHave].some((title) => !titles.has(title));
    const isKnown = known.print === '' && !isStale && known.mayHave.size === titles.size;
    const told: Told = { mayHave: new Set([...known.mayHave, ...titles]), print };
    this.#told.set(key, told);
    if (isKnown) return undefined;
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

  /** Replaces the memory by what the backend lists. Returns the resources. */
  learn(listed: Iterable<{ readonly resource: Resource; readonly title: string }>): Resource[] {
    const titles = new Map<string, Set<string>>();
    const resources: Resource[] = [];
    for (const { resource, title } of listed) {
      const key = keyOf(resource);
      const ofResource = titles.get(key);
      if (ofResource) ofResource.add(title);
      else {
        titles.set(key, new Set([title]));
        resources.push(resource);
      }
    }
    this.#told.clear();
    for (const [key, mayHave] of titles) this.#told.set(key, { mayHave, print: '' });
    return resources;
  }

  /** Makes every finding worth sending again. */
  doubt(): void {
    for (const [key, { mayHave }] of this.#told) this.#told.set(key, { mayHave, print: 'in doubt' });
  }
}

export function keyOf({ type, namespace, name }: Resource): string {
  return `${type}/${namespace}/${name}`;
}

function deletion(resource: Resource): BackendRequest {
  const path = [resource.type, resource.namespace, resource.name].map(encodeURIComponent).join('/');
  return { method: 'DELETE', path: `/api/security/findings/resource/${path}` };
}
