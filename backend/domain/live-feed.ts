/** What has happened, for whoever is connected. To be told after the commit: clients read again within a millisecond. */
import { controlTypes, type LiveType } from '../../shared/contract/live.ts';

export interface LiveMessage {
  /** Agents and scanners are told, too. */
  readonly isControl: boolean;
  /** Written out only where somebody listens. */
  text(): string;
}

export class LiveFeed {
  readonly #listeners: ((message: LiveMessage) => void)[] = [];

  tell(type: LiveType, data: object): void {
    const isControl = (controlTypes as readonly string[]).includes(type);
    let text: string | undefined;
    const message = { isControl, text: () => (text ??= JSON.stringify({ type, data })) };
    for (const listener of this.#listeners) listener(message);
  }

  onTold(listener: (message: LiveMessage) => void): void {
    this.#listeners.push(listener);
  }
}
