/**
 * Keeps a local copy of one collection true: list, watch, recover, and list again now and then.
 *
 *     list ──► watch ──► closed cleanly ──────────► watch again from the last version
 *      ▲         │
 *      └─────────┴── 410, an error, broken JSON, the deadline, ten minutes: list again, after a pause that grows
 *
 * A list is the truth, whatever versions say: an etcd restored from a backup uses versions again, and a watch from a
 * version that is still to come is silent, without an error (seen with Kubernetes 1.34). So a list hands over all that
 * differs from it, and there is one after a server that was away, and after a watch that said nothing in its whole life.
 *
 * It never gives up and never stops by itself. Handlers get deltas and must only take notes (enqueue a key).
 * Model: client-go's Reflector (tools/cache), with the lessons of kubernetes-client/javascript #596, #1933 and #2385.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '../clock.ts';
import { compareResourceVersions } from '../resource-version.ts';
import type { Logger } from '../log.ts';
import type { KubeClient, Query } from './client.ts';
import { askedRestMs, KubeError, remedyFor } from './kube-error.ts';
import type { KubeObject } from './objects.ts';
import { pages } from './pages.ts';

/** `previous`: what was stored before under the same uid. A deleted object is shown as it was last stored. */
export type Delta<T> =
  | { readonly type: 'set'; readonly object: T; readonly previous: T | undefined }
  | { readonly type: 'deleted'; readonly object: T };

/** What the reflector itself needs of what it stores. */
interface Stored {
  readonly metadata: { readonly uid: string; readonly resourceVersion: string };
}

export interface ReflectorOptions<T extends KubeObject, Kept extends Stored = T> {
  readonly client: KubeClient;
  /** Path of the collection. */
  readonly path: string;
  readonly fieldSelector?: string;
  readonly labelSelector?: string;
  /** Keeps only what is needed, and nothing of an object that it returns undefined for; without it everything is kept. */
  readonly strip?: (object: T) => Kept | undefined;
  readonly onChange: (delta: Delta<Kept>) => void;
  readonly clock: Clock;
  /** A number from 0 to 1, for jitter. */
  readonly random?: () => number;
  readonly log: Logger;
  readonly patience?: Partial<Patience>;
}

/** How much is asked for at once, and how long an answer may take. */
export interface Patience {
  /** Objects of one page of a list. */
  readonly pageSize: number;
  readonly listDeadlineMs: number;
  /** After how many seconds the server is asked to end a watch. */
  readonly watchSeconds: { readonly min: number; readonly max: number };
  /** How much longer than asked for a watch may live before we end it ourselves. */
  readonly watchGraceMs: number;
}

export interface ReflectorStats {
  lists: number;
  watches: number;
  failures: number;
  /** Changes that a list found although the watch claimed to have delivered everything up to them. Must stay 0. */
  missed: number;
  /** Milliseconds since the epoch of the last answer of the server. */
  lastContactAt: number;
}

interface WatchEvent<T> {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  readonly object: T & { readonly code?: number; readonly reason?: string; readonly message?: string };
}

const usualPatience: Patience = {
  pageSize: 500,
  listDeadlineMs: 60_000,
  watchSeconds: { min: 240, max: 300 },
  watchGraceMs: 15_000,
};
const relistAfterMs = 600_000;
const backoffMs = { min: 800, max: 30_000 };
/** A watch that ends sooner than this without an event does not count as success (client-go: VeryShortWatchError). */
const shortWatchMs = 1_000;
const goodLifeMs = 60_000;

export class Reflector<T extends KubeObject, Kept extends Stored = T> {
  readonly stats: ReflectorStats = { lists: 0, watches: 0, failures: 0, missed: 0, lastContactAt: 0 };
  readonly #options: ReflectorOptions<T, Kept>;
  readonly #random: () => number;
  readonly #patience: Patience;
  readonly #objects = new Map<string, Kept>();
  /** Uids of what we wrote ourselves since the last list began. */
  readonly #written = new Set<string>();
  readonly #firstList = Promise.withResolvers<void>();
  readonly #stopping = new AbortController();
  #running: Promise<void> | undefined;
  /** Everything up to this version was delivered. */
  #version = '';
  #mustList = true;
  #listedAt = -Infinity;
  #hasListed = false;
  #pauseMs = backoffMs.min;

  constructor(options: ReflectorOptions<T, Kept>) {
    this.#options = options;
    this.#random = options.random ?? Math.random;
    this.#patience = { ...usualPatience, ...options.patience };
  }

  /** Begins; a second call changes nothing. */
  start(): void {
    this.#running ??= this.#run();
  }

  /** Ends quietly; resolves when nothing is open any more. */
  async stop(): Promise<void> {
    this.#stopping.abort(new Error('the reflector was stopped'));
    await this.#running;
  }

  /** Resolves after the first complete list. */
  listed(): Promise<void> {
    return this.#firstList.promise;
  }

  get hasListed(): boolean {
    return this.#hasListed;
  }

  get(uid: string): Kept | undefined {
    return this.#objects.get(uid);
  }

  objects(): Kept[] {
    return [...this.#objects.values()];
  }

  /** Takes over the answer to a write of our own, so that nobody has to wait until the watch brings it. */
  wrote(object: T): void {
    const { uid, resourceVersion } = object.metadata;
    // What the watch is past already was shown, perhaps with its deletion.
    if (compareResourceVersions(resourceVersion, this.#version) <= 0 || !this.#isNews(object)) return;
    this.#written.add(uid);
    this.#take(object);
  }

  async #run(): Promise<void> {
    const { clock, log, path } = this.#options;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      const startedAt = clock.now();
      try {
        if (this.#mustList || clock.now() - this.#listedAt >= relistAfterMs) await this.#list();
        const events = await this.#watch();
        if (events === 0 && clock.now() - startedAt < shortWatchMs) {
          throw new KubeError(`GET ${path}: the watch ended at once`, 0, 'VeryShortWatch');
        }
        if (events === 0) this.#mustList = true;
        this.#pauseMs = backoffMs.min;
      } catch (error) {
        if (signal.aborted) break;
        this.stats.failures += 1;
        if (clock.now() - startedAt > goodLifeMs) this.#pauseMs = backoffMs.min;
        if (!isBusy(error)) this.#mustList = true;
        const pauseMs = this.#nextPause(error);
        log.warn({ path, pauseMs: Math.round(pauseMs), err: error }, 'watch interrupted');
        await clock.sleep(pauseMs, signal).catch(() => {});
      }
    }
  }

  /** Milliseconds; the first relist after good times needs no pause: good times last longer than a short watch. */
  #nextPause(error: unknown): number {
    const first = this.#pauseMs === backoffMs.min && this.#options.clock.now() - this.#listedAt > shortWatchMs;
    const pauseMs = Math.max(askedRestMs(error), this.#pauseMs * (1 + this.#random()));
    this.#pauseMs = Math.min(this.#pauseMs * 2, backoffMs.max);
    return first && remedyFor(error) === 'relist' ? 0 : pauseMs;
  }

  async #list(): Promise<void> {
    const { client, path } = this.#options;
    const { pageSize, listDeadlineMs: deadlineMs } = this.#patience;
    const found = new Map<string, Kept>();
    let version = '';
    this.#written.clear();
    for await (const page of pages<T>(client, path, this.#selectors(), { pageSize, deadlineMs, signal: this.#stopping.signal })) {
      for (const object of page.items) {
        const kept = this.#keep(object);
        if (kept) found.set(object.metadata.uid, kept);
      }
      version = page.metadata.resourceVersion;
    }
    this.stats.lists += 1;
    this.#contact();
    this.#countMissed(found, version);
    this.#replaceAll(found, version);
    this.#version = version;
    this.#mustList = false;
    this.#listedAt = this.#options.clock.now();
    this.#hasListed = true;
    this.#firstList.resolve();
  }

  /** What we wrote after the list was read stays: the watch from its version on will show it. */
  #replaceAll(found: ReadonlyMap<string, Kept>, version: string): void {
    const isLater = (known: Kept | undefined) =>
      known !== undefined && this.#written.has(known.metadata.uid) && compareResourceVersions(known.metadata.resourceVersion, version) > 0;
    for (const [uid, known] of this.#objects) {
      if (!found.has(uid) && !isLater(known)) this.#remove(known);
    }
    for (const [uid, kept] of found) {
      const known = this.#objects.get(uid);
      if (!isLater(known) && !isDeepStrictEqual(known, kept)) this.#set(kept);
    }
  }

  /** Changes that the watch claimed to have delivered. Where the server went back, versions say nothing about that. */
  #countMissed(found: ReadonlyMap<string, Kept>, version: string): void {
    if (!this.#hasListed) return;
    const changes = [...found.values()].flatMap(({ metadata: { uid, resourceVersion: to } }) => {
      const from = this.#objects.get(uid)?.metadata.resourceVersion;
      return from === to || this.#written.has(uid) ? [] : [{ from: from ?? '', to }];
    });
    if (isBefore(version, this.#version) || changes.some(({ from, to }) => isBefore(to, from))) {
      this.#options.log.warn({ path: this.#options.path }, 'the server went back to an earlier state');
      return;
    }
    this.stats.missed += changes.filter(({ to }) => !isBefore(this.#version, to)).length;
  }

  /** Follows the watch to its end; returns how many events came. */
  async #watch(): Promise<number> {
    const { client, path } = this.#options;
    const { watchGraceMs } = this.#patience;
    const timeoutSeconds = this.#watchSeconds();
    const query: Query = {
      ...this.#selectors(),
      watch: true,
      allowWatchBookmarks: true,
      resourceVersion: this.#version,
      timeoutSeconds,
    };
    this.stats.watches += 1;
    let events = 0;
    const deadlineMs = timeoutSeconds * 1000 + watchGraceMs;
    for await (const line of client.lines(path, query, deadlineMs, this.#stopping.signal)) {
      this.#handle(parseEvent<T>(path, line));
      events += 1;
    }
    this.#contact();
    return events;
  }

  /** Not longer than until the next list is due. */
  #watchSeconds(): number {
    const { min, max } = this.#patience.watchSeconds;
    const dueInMs = this.#listedAt + relistAfterMs - this.#options.clock.now();
    return Math.max(1, Math.ceil(Math.min(min + this.#random() * (max - min), dueInMs / 1000)));
  }

  #handle(event: WatchEvent<T>): void {
    this.#contact();
    if (event.type === 'ERROR') {
      const { code = 0, reason = '', message = '' } = event.object;
      throw new KubeError(`GET ${this.#options.path}: ${message}`, code, reason);
    }
    this.#pauseMs = backoffMs.min;
    if (event.type === 'DELETED') this.#forget(event.object);
    else if (event.type !== 'BOOKMARK' && this.#isNews(event.object)) this.#take(event.object);
    this.#version = event.object.metadata.resourceVersion;
  }

  /** A write of our own may have been taken over before the watch shows it, and what came before it. */
  #isNews({ metadata: { uid, resourceVersion } }: T): boolean {
    const known = this.#objects.get(uid);
    return known === undefined || compareResourceVersions(resourceVersion, known.metadata.resourceVersion) > 0;
  }

  #take(object: T): void {
    const kept = this.#keep(object);
    if (kept) this.#set(kept);
    else this.#forget(object);
  }

  #forget({ metadata: { uid } }: T): void {
    const known = this.#objects.get(uid);
    if (known) this.#remove(known);
  }

  #set(kept: Kept): void {
    const { uid } = kept.metadata;
    const previous = this.#objects.get(uid);
    this.#objects.set(uid, kept);
    this.#handOver({ type: 'set', object: kept, previous });
  }

  #remove(kept: Kept): void {
    this.#objects.delete(kept.metadata.uid);
    this.#handOver({ type: 'deleted', object: kept });
  }

  /** One that a handler chokes on must not keep the others from it. */
  #handOver(delta: Delta<Kept>): void {
    const { onChange, log, path } = this.#options;
    try {
      onChange(delta);
    } catch (error) {
      log.error({ path, err: error }, 'handler failed');
    }
  }

  /** In one shape: objects of a watch, and answers to a write, say of what kind they are; those of a list do not. */
  #keep(found: T): Kept | undefined {
    const { strip } = this.#options;
    const { kind: _kind, apiVersion: _apiVersion, ...rest } = found as T & { kind?: string; apiVersion?: string };
    const object = rest as unknown as T;
    // Without `strip` the two types are the same one.
    return strip ? strip(object) : (object as unknown as Kept);
  }

  #selectors(): Query {
    return { fieldSelector: this.#options.fieldSelector, labelSelector: this.#options.labelSelector };
  }

  #contact(): void {
    this.stats.lastContactAt = this.#options.clock.now();
  }
}

const isBefore = (left: string, right: string): boolean => compareResourceVersions(left, right) < 0;

/** The version stays good where the server did not even look at the request; one that was away may have gone back. */
function isBusy(error: unknown): boolean {
  return error instanceof KubeError && error.status === 429;
}

function parseEvent<T>(path: string, line: string): WatchEvent<T> {
  try {
    return JSON.parse(line) as WatchEvent<T>;
  } catch {
    throw new KubeError(`GET ${path}: the watch sent a line that is not JSON`, 0, 'BrokenAnswer');
  }
}
