/** Reads settings from the environment. Collects every mistake, so that one start reports them all; never a value. */

export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  readonly mistakes: readonly string[];

  constructor(mistakes: readonly string[]) {
    super(`the settings have ${mistakes.length === 1 ? 'a mistake' : 'mistakes'}: ${mistakes.join('; ')}`);
    this.mistakes = mistakes;
  }
}

export class SettingsReader {
  readonly #env: Readonly<Record<string, string | undefined>>;
  readonly #mistakes: string[] = [];

  constructor(env: Readonly<Record<string, string | undefined>>) {
    this.#env = env;
  }

  /** An empty variable counts as unset, as Kubernetes and shells leave it. */
  optional(name: string): string | undefined {
    return this.#env[name] || undefined;
  }

  text(name: string, fallback: string): string {
    return this.optional(name) ?? fallback;
  }

  required(name: string): string {
    const value = this.optional(name);
    if (value === undefined) this.#mistakes.push(`${name} must be set`);
    return value ?? '';
  }

  integer(name: string, fallback: number, range: { min: number; max: number }): number {
    const text = this.optional(name);
    if (text === undefined) return fallback;
    const value = Number(text);
    if (Number.isInteger(value) && value >= range.min && value <= range.max) return value;
    this.#mistakes.push(`${name} must be a whole number from ${range.min} to ${range.max}`);
    return fallback;
  }

  /** Fractions are welcome; returns milliseconds. */
  seconds(name: string, fallbackMs: number, range: { min: number; max: number }): number {
    const text = this.optional(name);
    if (text === undefined) return fallbackMs;
    const value = Number(text);
    if (/^\d+(\.\d+)?$/.test(text) && value >= range.min && value <= range.max) return Math.round(value * 1000);
    this.#mistakes.push(`${name} must be a number of seconds from ${range.min} to ${range.max}`);
    return fallbackMs;
  }

  boolean(name: string, fallback: boolean): boolean {
    const text = this.optional(name)?.toLowerCase();
    if (text === undefined) return fallback;
    if (text === 'true' || text === 'false') return text === 'true';
    this.#mistakes.push(`${name} must be true or false`);
    return fallback;
  }

  oneOf<const T extends string>(name: string, fallback: T, choices: readonly T[]): T {
    const text = this.optional(name);
    if (text === undefined) return fallback;
    const choice = choices.find((candidate) => candidate === text);
    if (choice !== undefined) return choice;
    this.#mistakes.push(`${name} must be one of ${choices.join(', ')}`);
    return fallback;
  }

  /** Reports a mistake that only the program itself can see. */
  mistake(sentence: string): void {
    this.#mistakes.push(sentence);
  }

  /** Throws a SettingsError if anything was wrong; call it last. */
  done(): void {
    if (this.#mistakes.length > 0) throw new SettingsError(this.#mistakes);
  }
}
