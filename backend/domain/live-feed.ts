/** What has happened, for whoever is connected. To be told after the commit: clients read again within a millisecond. */
import { controlTypes, type LiveType } from '../../shared/contract/live.ts';

/** Where something happened: at this replica, or at another one that shares the database. */
export type Origin = 'here' | 'elsewhere';

export interface LiveMessage {
  readonly type: LiveType;
  readonly data: object;
  readonly origin: Origin;
  /** Agents and scanners are told, too. */
  readonly isControl: boolean;
  /** Written out only where somebody listens. */
  text(): string;
}

export class LiveFeed {
  readonly #listeners: ((message: LiveMessage) => void)[] = [];
  readonly #missers: (() => void)[] = [];
  #watchers = 0;

  tell(type: LiveType, data: object): void {
    this.#tell(type, data, 'here');
  }

  /** What another replica has told. */
  repeat(type: LiveType, data: object): void {
    this.#tell(type, data, 'elsewhere');
  }

  /** Something may have been told elsewhere that was not heard here. */
  missed(): void {
    for (const listener of this.#missers) listener();
  }

  /** Somebody wants more than control messages, until the returned function is called. */
  watched(): () => void {
    this.#watchers += 1;
    return () => (this.#watchers -= 1);
  }

  get isWatched(): boolean {
    return this.#watchers > 0;
  }

  onTold(listener: (message: LiveMessage) => void): void {
    this.#listeners.push(listener);
  }

  onMissed(listener: () => void): void {
    this.#missers.push(listener);
  }

  #tell(type: LiveType, data: object, origin: Origin): void {
    const isControl = (controlTypes as readonly string[]).includes(type);
    let text: string | undefined;
    const message = { type, data, origin, isControl, text: () => (text ??= JSON.stringify({ type, data })) };
    for (const listener of this.#listeners) listener(message);
  }
}
