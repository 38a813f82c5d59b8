/**
 * What runs inside a fake pod of the backend: the backend's own code for judging service tokens and attesting, with real
 * watches of the two Secrets, behind the one address of the attestation. The rest of the backend is left out.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createAttest } from '../../../backend/domain/attest.ts';
import { LiveVerifier } from '../../../backend/domain/live-verifier.ts';
import { SecondLook } from '../../../backend/domain/second-look.ts';
import { ServiceGate } from '../../../backend/domain/service-gate.ts';
import { ServiceTokens, type Verdict } from '../../../backend/domain/service-tokens.ts';
import { UseLedger } from '../../../backend/domain/use-ledger.ts';
import { systemClock as clock } from '../../../shared/clock.ts';
import { attestationPath } from '../../../shared/contract/attestation.ts';
import type { EncryptedStore } from './encrypted-store.ts';
import { SecretFeed, type FeedOptions } from './secret-feed.ts';

export interface VerifierOptions extends Pick<FeedOptions, 'client' | 'namespace' | 'names'> {
  /** Its pod's, of the loopback. */
  readonly address: string;
  readonly port: number;
  /** `single`: it knows the value it was started with and no other. */
  readonly only: string | undefined;
  /** Shared by all verifiers of the release. */
  readonly store: EncryptedStore;
  /** Called after every change of what it accepts. */
  readonly onReplaced: () => void;
}

export class VerifierInside {
  readonly #options: VerifierOptions;
  readonly #tokens = new ServiceTokens();
  readonly #ledger = new UseLedger(clock);
  readonly #feed: SecretFeed | undefined;
  readonly #gate: ServiceGate;
  #server: Server | undefined;
  #serves = false;

  constructor(options: VerifierOptions) {
    this.#options = options;
    const tokens = this.#tokens;
    tokens.onReplaced(() => {
      this.#ledger.keepOnly([...tokens.accepted, ...tokens.retired]);
      options.onReplaced();
    });
    const onEncryption = options.store.saw;
    const feed = options.only === undefined ? new SecretFeed({ ...options, verifier: new LiveVerifier(tokens), onEncryption }) : undefined;
    this.#feed = feed;
    this.#gate = new ServiceGate({ tokens, ledger: this.#ledger, secondLook: feed && new SecondLook(() => feed.read(), clock) });
  }

  /** Resolves when it can judge and be asked. */
  async start(): Promise<void> {
    const { only, address, port, store } = this.#options;
    if (only !== undefined) this.#tokens.replace([{ value: only, generation: undefined }], []);
    await this.#feed?.start();
    const instance = `${address} ${performance.now()}`;
    const describeEncryption = async () => store.describe();
    const attest = createAttest({ tokens: this.#tokens, ledger: this.#ledger, instance, describeEncryption, clock });
    const answer = async ({ url, headers }: IncomingMessage, response: ServerResponse) => {
      const { accepted } = await this.#gate.probe(headers['x-service-token'] as string | undefined);
      if (url !== attestationPath || !accepted) response.writeHead(accepted ? 404 : 401).end('{}');
      else response.setHeader('content-type', 'application/json').end(JSON.stringify(await attest()));
    };
    this.#server = createServer((request, response) => void answer(request, response));
    this.#server.listen(port, address);
    await once(this.#server, 'listening');
    this.#serves = true;
  }

  /** Whether requests would be sent to it, as far as it knows itself. */
  get serves(): boolean {
    return this.#serves;
  }

  /** Whether it would accept this, without a trace. */
  async accepts(token: string): Promise<boolean> {
    return (await this.#gate.probe(token)).accepted;
  }

  present(token: string, address: string): Promise<Verdict> {
    return this.#gate.admit(token, address);
  }

  async stop(): Promise<void> {
    this.#serves = false;
    this.#server?.close();
    this.#server?.closeAllConnections();
    await this.#feed?.stop();
  }
}
