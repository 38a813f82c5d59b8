/** The rotation as the product's page describes it for people without the operator: edit, then restart everything. */
import { editSecret } from './edit.ts';
import type { Release } from './release.ts';

/** Resolves when every pod runs on the new token; returns the seconds since the edit. */
export async function rotateByHand(release: Release): Promise<number> {
  const { at } = await editSecret(release, ['service-token']);
  const { name } = release;
  const restart = ['rollout', 'restart'];
  const deployments = [`deployment/${name}-backend`, `deployment/${name}-security-scanner`, 'deployment/traffic'];
  await release.kubectl([...restart, ...deployments]);
  await release.kubectl([...restart, `daemonset/${name}-agent`]);
  for (const workload of [...deployments, `daemonset/${name}-agent`]) {
    await release.kubectl(['rollout', 'status', workload, '--timeout=3m']);
  }
  return (Date.now() - at) / 1000;
}
