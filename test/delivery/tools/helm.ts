/** Helm, by its command line. Its second name is what the API server knows it by. */
import { chart, helm3, helm4 } from '../../chart/render.ts';
import { releaseName } from '../modes.ts';
import type { Site } from '../site.ts';
import type { Tool } from './tool.ts';

interface Flags {
  readonly program?: string;
  readonly install?: readonly string[];
  readonly upgrade?: readonly string[];
  readonly rollback?: readonly string[];
}

export class Helm implements Tool {
  protected readonly site: Site;
  readonly #flags: Flags;
  /** Helm's own numbers, by ours. */
  readonly #revisions = new Map<number, string>();

  constructor(site: Site, flags: Flags = {}) {
    this.site = site;
    this.#flags = flags;
  }

  install(revision: number): Promise<void> {
    return this.#deliver(revision, 'install', this.#flags.install);
  }

  upgrade(revision: number): Promise<void> {
    return this.#deliver(revision, 'upgrade', this.#flags.upgrade);
  }

  async rollback(revision: number): Promise<void> {
    await this.helm(['rollback', releaseName, this.#revisions.get(revision) ?? '', ...(this.#flags.rollback ?? [])]);
  }

  async uninstall(): Promise<void> {
    await this.helm(['uninstall', releaseName]);
  }

  protected helm(args: readonly string[], input?: string): Promise<string> {
    return this.site.run(this.#flags.program ?? helm4, args, input);
  }

  async #deliver(revision: number, verb: 'install' | 'upgrade', flags: readonly string[] = []): Promise<void> {
    const output = await this.helm([verb, releaseName, chart, '--values=-', '--output=json', ...flags], this.site.values(revision));
    if (output !== '') this.#revisions.set(revision, String((JSON.parse(output) as { version: number }).version));
  }
}

export const helm4ByItself = (site: Site): Tool => new Helm(site);
/** Objects that another tool has made are taken, and so is what the two do not agree on. */
export const helm4OverOthers = (site: Site): Tool => new Helm(site, { upgrade: ['--install', '--take-ownership', '--force-conflicts'] });
export const helm4ClientSide = (site: Site): Tool => new Helm(site, { install: ['--server-side=false'] });
export const helm3Always = (site: Site): Tool => new Helm(site, { program: helm3 });
