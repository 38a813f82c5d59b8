/** Lists a collection page by page, so that a large one is never in memory as a whole. */
import type { KubeClient, Query } from './client.ts';

export interface Page<T> {
  readonly metadata: { readonly resourceVersion: string; readonly continue?: string };
  readonly items: readonly T[];
}

export interface Paging {
  /** Objects of one page. */
  readonly pageSize: number;
  /** Of one page. */
  readonly deadlineMs?: number;
  readonly signal?: AbortSignal;
}

/** All pages show the collection at the version of the first one; throws a KubeError. */
export async function* pages<T>(client: KubeClient, path: string, selectors: Query, paging: Paging): AsyncGenerator<Page<T>> {
  const { pageSize, deadlineMs, signal } = paging;
  let page: Page<T> | undefined;
  do {
    const query: Query = { ...selectors, limit: pageSize, continue: page?.metadata.continue };
    page = await client.get<Page<T>>(path, query, deadlineMs, signal);
    yield page;
  } while (page.metadata.continue);
}
