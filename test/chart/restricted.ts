/** The Pod Security Standard `restricted`, as far as a pod template can break it: one sentence for each fault. */
import type { V1PodSpec, V1Volume } from '@kubernetes/client-node';

const volumeTypes = new Set(['configMap', 'csi', 'downwardAPI', 'emptyDir', 'ephemeral', 'persistentVolumeClaim', 'projected', 'secret']);
const typesOf = (volume: V1Volume): string[] => Object.keys(volume).filter((key) => key !== 'name');

export function faults(pod: V1PodSpec): string[] {
  const found: string[] = [];
  const require = (holds: boolean, sentence: string): void => {
    if (!holds) found.push(sentence);
  };

  require(!pod.hostNetwork && !pod.hostPID && !pod.hostIPC, 'shares a namespace with its host');
  for (const volume of pod.volumes ?? []) {
    require(typesOf(volume).every((type) => volumeTypes.has(type)), `volume ${volume.name} has a forbidden type`);
  }
  for (const container of [...(pod.initContainers ?? []), ...(pod.containers ?? [])]) {
    const own = container.securityContext ?? {};
    const say = (holds: boolean, sentence: string): void => require(holds, `${container.name} ${sentence}`);
    say(!own.privileged, 'is privileged');
    say(own.allowPrivilegeEscalation === false, 'may escalate privileges');
    say(own.capabilities?.drop?.includes('ALL') === true, 'does not drop all capabilities');
    say((own.capabilities?.add ?? []).length === 0, 'adds capabilities');
    say((own.runAsNonRoot ?? pod.securityContext?.runAsNonRoot) === true, 'may run as root');
    say((own.runAsUser ?? pod.securityContext?.runAsUser) !== 0, 'runs as root');
    say((own.seccompProfile ?? pod.securityContext?.seccompProfile)?.type === 'RuntimeDefault', 'has no seccomp profile');
    say((container.ports ?? []).every(({ hostPort }) => !hostPort), 'takes a port of its host');
  }
  return found;
}
