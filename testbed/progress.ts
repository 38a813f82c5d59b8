// Says what is going on: one line that is rewritten on a terminal, a line now
// and then anywhere else.
export type Progress = { step<T>(what: string, work: (note: (text: string) => void) => Promise<T>): Promise<T> };

const quietMs = 15_000;

export const silent: Progress = { step: (_what, work) => work(() => {}) };

export function progressOn(stream: NodeJS.WriteStream): Progress {
  return {
    async step(what, work) {
      const startedAt = performance.now();
      let note = '';
      const line = (): string =>
        `${what}${note && `: ${note}`} (${((performance.now() - startedAt) / 1000).toFixed(1)} s)`;
      const timer = stream.isTTY
        ? setInterval(() => stream.write(`\r\x1b[2K  ${line()}`), 100)
        : setInterval(() => stream.write(`  ... ${line()}\n`), quietMs);
      try {
        const result = await work((text) => (note = text));
        note = '';
        stream.write(`${stream.isTTY ? '\r\x1b[2K' : ''}  ${line()}\n`);
        return result;
      } finally {
        clearInterval(timer);
      }
    },
  };
}
