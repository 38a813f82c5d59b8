/** A setting that the dashboard of Kure Monitor reads and writes among others. There are no mirror pods here. */
import type { Clock } from '../../shared/clock.ts';
import { MirrorTtl } from '../../shared/contract/administration.ts';
import { instant } from '../domain/instant.ts';
import type { AppSettingsStore } from '../store/store.ts';
import type { Scope } from './scope.ts';

const url = '/api/admin/settings/mirror-ttl';
/** As upstream has it. */
const key = 'mirror_ttl_seconds';
const usualSeconds = 180;

export interface MirrorTtlRouteDeps {
  readonly appSettings: AppSettingsStore;
  readonly clock: Clock;
}

export function mirrorTtlRoute(scope: Scope, { appSettings, clock }: MirrorTtlRouteDeps): void {
  scope.get(url, { schema: { response: { 200: MirrorTtl } } }, async () => ({
    seconds: Number((await appSettings.read(key)) ?? usualSeconds),
  }));
  scope.put(url, { schema: { body: MirrorTtl, response: { 200: MirrorTtl } } }, async ({ body: { seconds } }) => {
    await appSettings.write(key, String(seconds), instant(clock.now()));
    return { seconds };
  });
}
