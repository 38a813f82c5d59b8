/** What `decide` plans for a release that is changed in what a test is about. */
import { decide } from '../../../../operator/decide/decide.ts';
import type { Action } from '../../../../operator/model/action.ts';
import { defaultSettings, type Plan } from '../../../../operator/model/plan.ts';
import type { KeyringSecret, Snapshot, SourceSecret } from '../../../../operator/model/snapshot.ts';
import * as given from '../../../fixtures/given.ts';

export type Keys = KeyringSecret['keyring']['keys'];

export const plan = (snapshot: Snapshot): Plan => decide(snapshot, given.now, given.draw(), defaultSettings);
export const kinds = ({ actions }: Plan): string[] => actions.map(({ kind }) => kind);
export const restarted = ({ actions }: Plan): string[] => actions.flatMap((it: Action) => (it.kind === 'Stamp' ? it.workload.name : []));

export const session = given.record(['session']);
export const rotatingKeys: Keys = { 'service-token': given.rotating, 'session-secret': session };
/** The stamps of a workload that has moved. */
export const carriesNew = { 'service-token': 'new' };

/** The keyring as given, and the bootstrap Secret that fits it but for `change`. */
export const withBootstrap = (keys: Keys, change: Partial<SourceSecret>, rest: Partial<Snapshot> = {}): Plan =>
  plan(given.snapshot({ keys, sources: given.sourcesOf(keys, change), ...rest }));
