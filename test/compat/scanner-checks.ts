/** The real scanner: a full scan, the three lists, rescans. */
import type { Checks } from './checks.ts';
import type { Cluster } from './cluster.ts';
import type { Dashboard } from './dashboard.ts';
import type { Program } from './program.ts';

/** The whole cluster is scanned, one call after the other. */
const scanSeconds = 300;

const untrusted = (titles: readonly string[]) => titles.some((title) => title.startsWith('Image from untrusted registry'));

export async function checkScanner(checks: Checks, cluster: Cluster, dashboard: Dashboard, start: () => Program): Promise<void> {
  const { seen, hidden } = cluster;
  const titles = async (namespace: string): Promise<string[]> =>
    (await dashboard.list('/api/security/findings')).flatMap((finding) =>
      finding['namespace'] === namespace && finding['resource_type'] === 'Pod' ? [String(finding['title'])] : [],
    );
  const rescanned = async (reason: string, ask: () => Promise<void>) => {
    const before = dashboard.messages.length;
    await ask();
    await checks.eventually(
      `scanner: says that the rescan (${reason}) started and was completed`,
      () => {
        const said = dashboard.messages.slice(before).filter(({ data }) => data['reason'] === reason);
        return said.map(({ data }) => data['status']).join() === 'started,completed';
      },
      scanSeconds,
    );
  };

  await dashboard.do('POST', '/api/admin/excluded-namespaces', { namespace: hidden });
  for (const namespace of [seen, hidden]) await cluster.imageless(namespace, 'scanned');
  const scanner = start();

  await checks.eventually('scanner: the full scan ends and its duration is recorded', async () => (await dashboard.metric('kure_security_scan_duration_seconds')) > 0, scanSeconds);
  checks.say('scanner: did not wait for the backend', !scanner.output.includes('Backend not ready'));
  checks.say('scanner: findings are stored', (await titles(seen)).length > 0);
  checks.say('scanner: the excluded namespace was not scanned', (await titles(hidden)).length === 0);
  await checks.eventually('scanner: the WebSocket is connected', () => /WebSocket connected/.test(scanner.output));
  const stored = scanner.count(/Successfully reported security finding/g);
  checks.say(`scanner: every finding was taken (${stored})`, stored > 0 && !/Backend returned HTTP/.test(scanner.output));

  await dashboard.do('DELETE', `/api/admin/excluded-namespaces/${hidden}`);
  await checks.eventually('scanner: the namespace is scanned once it is included', async () => (await titles(hidden)).length > 0, scanSeconds);

  checks.say('scanner: the image is from an untrusted registry', untrusted(await titles(seen)));
  const registry = 'registry.invalid';
  await rescanned('trusted_registry_change', () => dashboard.do('POST', '/api/admin/trusted-registries', { registry }));
  checks.say('scanner: a trusted registry is believed', !untrusted(await titles(seen)));
  await rescanned('trusted_registry_change', () => dashboard.do('DELETE', `/api/admin/trusted-registries/${registry}`));
  checks.say('scanner: it is untrusted again when it is off the list', untrusted(await titles(seen)));

  const rule_title = (await titles(seen)).map((title) => title.split(': ')[0]!)[0]!;
  const isFound = async () => (await titles(seen)).some((title) => title.startsWith(rule_title));
  await dashboard.do('POST', '/api/admin/excluded-rules', { rule_title, namespace: seen });
  checks.say(`scanner: an excluded rule is out of sight (${rule_title})`, !(await isFound()));
  await rescanned('manual_rescan', () => dashboard.do('POST', '/api/security/rescan'));
  checks.say('scanner: and stays so after a rescan', !(await isFound()) && (await titles(seen)).length > 0);
  await dashboard.do('DELETE', `/api/admin/excluded-rules/${encodeURIComponent(rule_title)}?namespace=${seen}`);
  await checks.eventually('scanner: the rule is back once it is included', isFound, scanSeconds);

  await cluster.remove(seen, 'scanned');
  const hasFindings = async () => (await dashboard.list('/api/security/findings')).some(({ namespace, resource_name }) => namespace === seen && resource_name === 'scanned');
  // It takes the events of the whole cluster one after the other.
  await checks.eventually('scanner: findings of a deleted pod go', async () => !(await hasFindings()), scanSeconds);
  checks.say('scanner: ran through', scanner.isRunning);
}
