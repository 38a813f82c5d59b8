/** Sends, counts, and shows the counts. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TrafficConfig } from './config.ts';
import { readRows, writeRow, type Row } from './counts-store.ts';
import { count, noCounts, sum, type Counts } from './counts.ts';
import { Generator } from './generator.ts';
import { sendReport } from './report.ts';

const writeEveryMs = 200;

export class Traffic {
  readonly #config: TrafficConfig;
  readonly #generator: Generator;
  readonly #server: Server;
  readonly #startedAt = new Date().toISOString();
  /** Sequence numbers of the reports without an outcome yet, the oldest first. */
  readonly #underWay = new Set<number>();
  #counts: Counts = noCounts;
  #finished = false;
  #writing: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;

  constructor(config: TrafficConfig) {
    this.#config = config;
    this.#generator = new Generator({ rate: config.rate, call: (sequence) => this.#report(sequence) });
    this.#server = createServer((request, response) => {
      if (request.url !== '/counts') {
        response.writeHead(404).end();
        return;
      }
      this.#all().then(
        (all) => response.setHeader('content-type', 'application/json').end(`${JSON.stringify(all, null, 2)}\n`),
        (error: Error) => response.writeHead(500).end(`${error.message}\n`),
      );
    });
  }

  /** Resolves with the port on which the counts are shown. */
  async start(): Promise<number> {
    await this.#write();
    this.#server.listen(this.#config.port);
    await once(this.#server, 'listening');
    this.#generator.start();
    this.#timer = setInterval(() => void this.#write(), writeEveryMs);
    return (this.#server.address() as AddressInfo).port;
  }

  /** Sends nothing more, waits for what is under way and writes the last counts. */
  async stop(): Promise<Row> {
    await this.#generator.stop();
    clearInterval(this.#timer);
    this.#finished = true;
    await this.#write();
    this.#server.close();
    this.#server.closeAllConnections();
    return this.#row();
  }

  async #report(sequence: number): Promise<void> {
    this.#counts = { ...this.#counts, sent: this.#counts.sent + 1 };
    this.#underWay.add(sequence);
    const outcome = await sendReport(this.#config, sequence);
    this.#underWay.delete(sequence);
    this.#counts = count(this.#counts, outcome, Date.now());
  }

  /** One after the other, so that an older row never replaces a newer one. */
  #write(): Promise<void> {
    this.#writing = this.#writing.then(() => writeRow(this.#config.countsDirectory, this.#row()));
    return this.#writing;
  }

  async #all(): Promise<{ sum: Counts; pods: Row[] }> {
    await this.#write();
    const pods = await readRows(this.#config.countsDirectory);
    return { sum: sum(pods), pods };
  }

  #row(): Row {
    const [oldest = this.#counts.sent] = this.#underWay;
    return { pod: this.#config.podName, startedAt: this.#startedAt, settled: oldest, finished: this.#finished, ...this.#counts };
  }
}
