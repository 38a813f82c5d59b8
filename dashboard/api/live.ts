/** The WebSocket: opened again after it was lost, with growing pauses. */
import type { LiveMessage } from './merge.ts';

export interface LiveEvents {
  readonly onMessages: (messages: readonly LiveMessage[]) => void;
  /** Everything is to be read again: what was said before is lost. */
  readonly onOpened: () => void;
  readonly onState: (state: LiveState) => void;
  /** The session may have ended. */
  readonly onRefused: () => void;
}

export type LiveState = 'connecting' | 'open' | 'lost';

const firstPauseMs = 1_000;
const longestPauseMs = 10_000;
/** Messages of a burst are handed on together. */
const burstMs = 100;
/** The backend says something every 30 seconds: two may be late. */
const longestSilenceMs = 75_000;

/** Returns what closes it. */
export function openLive({ onMessages, onOpened, onState, onRefused }: LiveEvents): () => void {
  let pauseMs = firstPauseMs;
  /** Lets go of the connection that there is or that is being made. */
  let leave: (() => void) | undefined;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let burst: LiveMessage[] = [];
  let handOn: ReturnType<typeof setTimeout> | undefined;

  function flush(): void {
    handOn = undefined;
    const messages = burst;
    burst = [];
    onMessages(messages);
  }

  function take(text: string): void {
    burst.push(JSON.parse(text) as LiveMessage);
    handOn ??= setTimeout(flush, burstMs);
  }

  function connect(): void {
    clearTimeout(retry);
    const socket = new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/ws`);
    const listening = new AbortController();
    const { signal } = listening;
    let silence: ReturnType<typeof setTimeout> | undefined;

    function hear(): void {
      clearTimeout(silence);
      silence = setTimeout(lose, longestSilenceMs);
    }

    // At once: a close that nobody answers takes long.
    leave = () => {
      leave = undefined;
      clearTimeout(silence);
      listening.abort();
      socket.close();
    };

    function open(): void {
      hear();
      pauseMs = firstPauseMs;
      onState('open');
      onOpened();
    }

    hear();
    socket.addEventListener('open', open, { signal });
    socket.addEventListener('close', lose, { signal });
    socket.addEventListener('message', hear, { signal });
    socket.addEventListener('message', ({ data }) => take(String(data)), { signal });
  }

  function lose(): void {
    leave?.();
    onState('lost');
    // A refused handshake has no code of its own, so everybody asks whether the session is still there.
    onRefused();
    retry = setTimeout(connect, pauseMs * (0.75 + Math.random() / 2));
    pauseMs = Math.min(pauseMs * 2, longestPauseMs);
  }

  const atOnce = (): void => {
    if (!leave) connect();
  };
  addEventListener('online', atOnce);
  connect();
  return () => {
    removeEventListener('online', atOnce);
    clearTimeout(retry);
    clearTimeout(handOn);
    leave?.();
  };
}
