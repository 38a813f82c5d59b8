/** What agent and scanner would say to the backend. */
import type { PodName, PodReport } from '../../shared/contract/pods.ts';
import type { FindingReport } from '../../shared/contract/security.ts';
import { failingPod } from './seed/failing-pods.ts';
import { finding } from './seed/findings.ts';

/** Requests at a time: the backend writes many in one transaction. */
const together = 50;

export class Service {
  readonly #base: string;
  readonly #token: string;

  constructor(base: string, token: string) {
    this.#base = base;
    this.#token = token;
  }

  report = (pod: PodReport): Promise<void> => this.#post('/api/pods/failed', pod);
  recovered = (pod: PodName): Promise<void> => this.#post('/api/pods/dismiss-deleted', pod);
  find = (found: FindingReport): Promise<void> => this.#post('/api/security/findings', found);
  scan = (status: 'started' | 'completed'): Promise<void> => this.#post('/api/security/rescan-status', { status });

  async reportPods(count: number, now = Date.now()): Promise<void> {
    // The oldest first: the dashboard shows the newest at the top.
    for (let index = count - 1; index >= 0; index -= 1) await this.report(failingPod(index, now));
  }

  async findMany(count: number, now = Date.now()): Promise<void> {
    for (let first = 0; first < count; first += together) {
      const indexes = Array.from({ length: Math.min(together, count - first) }, (_, offset) => first + offset);
      await Promise.all(indexes.map((index) => this.find(finding(index, now))));
    }
  }

  async #post(path: string, body: object): Promise<void> {
    const headers = { 'content-type': 'application/json', 'x-service-token': this.#token };
    const answer = await fetch(this.#base + path, { method: 'POST', headers, body: JSON.stringify(body) });
    if (answer.status !== 200) throw new Error(`POST ${path}: ${answer.status} ${await answer.text()}`);
  }
}
