/**
 * Passes on between replicas what is told at one of them:
 *
 *     here       told after the commit ──► its name ──► channel
 *     elsewhere  channel ──► the row as it is now ──► told to whoever is connected
 *
 * A row is named and read again, so that a message may be of any size, and that all replicas end with the newest state
 * in whatever order two of them were heard.
 */
import type { LiveType } from '../../shared/contract/live.ts';
import type { Logger } from '../../shared/log.ts';
import type { FindingStore, PodFailureStore } from '../store/store.ts';
import type { LiveFeed, LiveMessage } from './live-feed.ts';
import type { Sessions } from './sessions.ts';

/** Reaches all replicas. What one of them sends is heard by the others, in one order. */
export interface ReplicaChannel {
  /** Never waits, and goes on when there is a connection again. */
  send(note: object): void;
  /** `onMissed` is called whenever notes may have been lost, and at the beginning. */
  start(listener: { onNote: (note: object) => void; onMissed: () => void }): void;
  /** Sends what is left, if there is a connection. */
  stop(): Promise<void>;
}

export interface LiveRelayOptions {
  readonly channel: ReplicaChannel;
  readonly feed: LiveFeed;
  readonly sessions: Sessions;
  readonly podFailures: Pick<PodFailureStore, 'findAll'>;
  readonly findings: Pick<FindingStore, 'findAll'>;
  readonly log: Logger;
}

/** Data of the message that tells a part of a row. */
type TroubleshotPod = { readonly pod_id: number };
type Table = 'podFailures' | 'findings';
type Row = Awaited<ReturnType<PodFailureStore['findAll'] | FindingStore['findAll']>>[number];

type Note =
  | { readonly type: LiveType; readonly row: number }
  | { readonly type: LiveType; readonly data: object }
  | { readonly sessionsEnded: true };

/** Messages whose data is a row. */
const tableOf: { readonly [Type in LiveType]?: Table } = {
  pod_failure: 'podFailures',
  pod_status_change: 'podFailures',
  pod_solution_updated: 'podFailures',
  security_finding: 'findings',
};

/** Every replica sees the operator's status by itself, and a pod that no row shows is in no list elsewhere. */
const staysHere: ReadonlySet<LiveType> = new Set(['credentials_change', 'pod_deleted']);

/** Bounds one reading of rows. */
const maxNotes = 500;

export class LiveRelay {
  readonly #options: LiveRelayOptions;
  readonly #heard: Note[] = [];
  /** Rows that were told about here while those of others were being read: what was read may be older. */
  readonly #toldMeanwhile = new Set<string>();
  #working: Promise<void> | undefined;

  constructor(options: LiveRelayOptions) {
    this.#options = options;
  }

  start(): void {
    const { channel, feed, sessions } = this.#options;
    feed.onTold((message) => {
      if (message.origin === 'here' && !staysHere.has(message.type)) this.#passOn(message);
    });
    sessions.onEnded((origin) => {
      if (origin === 'here') channel.send({ sessionsEnded: true } satisfies Note);
    });
    channel.start({ onNote: (note) => this.#hear(note as Note), onMissed: () => feed.missed() });
  }

  async stop(): Promise<void> {
    await this.#options.channel.stop();
    await this.#working;
  }

  #passOn({ type, data }: LiveMessage): void {
    if (type === 'pod_troubleshoot_updated') return this.#passOnRow('pod_solution_updated', (data as TroubleshotPod).pod_id);
    if (tableOf[type]) return this.#passOnRow(type, (data as Row).id);
    this.#options.channel.send({ type, data } satisfies Note);
  }

  #passOnRow(type: LiveType, row: number): void {
    if (this.#working) this.#toldMeanwhile.add(`${tableOf[type]}/${row}`);
    this.#options.channel.send({ type, row } satisfies Note);
  }

  #hear(note: Note): void {
    this.#heard.push(note);
    this.#working ??= this.#work();
  }

  async #work(): Promise<void> {
    const { feed, log } = this.#options;
    while (this.#heard.length > 0) {
      const notes = this.#heard.splice(0, maxNotes);
      this.#toldMeanwhile.clear();
      try {
        const rows = await this.#read(notes);
        for (const note of notes) this.#repeat(note, rows);
      } catch (error) {
        log.warn({ err: error }, 'cannot read what another replica has told about');
        feed.missed();
      }
    }
    this.#working = undefined;
  }

  #repeat(note: Note, rows: ReadonlyMap<string, Row>): void {
    const { feed, sessions } = this.#options;
    if ('sessionsEnded' in note) return sessions.endedElsewhere();
    if ('data' in note) return feed.repeat(note.type, note.data);
    const key = `${tableOf[note.type]}/${note.row}`;
    if (this.#toldMeanwhile.has(key)) return void this.#heard.push(note);
    const row = rows.get(key);
    // Gone again, or out of the list: nothing is told about dismissing.
    if (row && !(note.type === 'security_finding' && row.dismissed)) feed.repeat(note.type, row);
  }

  /** The rows that notes name, as they are now; none where nobody would be told. */
  async #read(notes: readonly Note[]): Promise<Map<string, Row>> {
    const found = new Map<string, Row>();
    if (!this.#options.feed.isWatched) return found;
    for (const table of ['podFailures', 'findings'] as const) {
      const ids = notes.flatMap((note) => ('row' in note && tableOf[note.type] === table ? [note.row] : []));
      const rows: readonly Row[] = await this.#options[table].findAll([...new Set(ids)]);
      for (const row of rows) found.set(`${table}/${row.id}`, row);
    }
    return found;
  }
}
