/** What people usually do about a failing pod, by its reason, in Markdown: read from what was reported, made up without any model. */

export interface FailedPodFacts {
  readonly namespace: string;
  readonly pod_name: string;
  readonly failure_reason: string;
  readonly failure_message: string | null;
  readonly container_statuses: readonly { readonly name: string; readonly image: string; readonly ready: boolean; readonly restart_count: number }[];
}

interface Advice {
  readonly meaning: string;
  readonly steps: readonly string[];
}

/** The commands that name the pod itself. */
interface Commands {
  readonly describe: string;
  readonly logs: string;
  readonly previousLogs: string;
  readonly events: string;
  readonly image: string;
  readonly namespace: string;
}

type Rule = (commands: Commands) => Advice;

const crash: Rule = ({ previousLogs, describe }) => ({
  meaning: 'The container starts and ends again, and the kubelet waits longer before each next start.',
  steps: [
    `Read what it said last: ${previousLogs}`,
    `Look at the exit code under "Last State": ${describe}. 1 or 2: its own error, often a missing setting; 137: killed, often for memory; 139: a crash; 143: asked to end.`,
    'If it ends with 0, it is a task: run it as a Job, or let its command stay in the foreground.',
    'If a liveness probe ends it, give it a `startupProbe` or more time.',
  ],
});

const pull: Rule = ({ image, describe, namespace }) => ({
  meaning: 'The image cannot be pulled.',
  steps: [
    `Check name and tag: ${image}`,
    `Read what the registry answered, under "Events": ${describe}`,
    `"unauthorized" or "denied": the pod needs an imagePullSecret in the namespace: \`kubectl get secrets -n ${namespace}\``,
    '"not found": the tag was never pushed, or there is none for this architecture. "toomanyrequests": the registry limits pulls; use a mirror.',
    'A time-out: the node cannot reach the registry; look at its DNS, proxy and firewall.',
  ],
});

const configuration: Rule = ({ describe, namespace }) => ({
  meaning: 'The container cannot be made from its specification, most often because a ConfigMap, a Secret or one of their keys is missing.',
  steps: [
    `Read which one, under "Events": ${describe}`,
    `Compare with what is there: \`kubectl get configmaps,secrets -n ${namespace}\``,
    'Create what is missing, or set `optional: true` where the container does without. The kubelet tries again by itself.',
  ],
});

const memory: Rule = ({ describe, previousLogs }) => ({
  meaning: 'The container took more memory than its limit, and the kernel ended it.',
  steps: [
    `Compare the limit with what it needs: ${describe}`,
    `See what it did last: ${previousLogs}`,
    'Raise `resources.limits.memory`, or make the program stay below it (a JVM: `-XX:MaxRAMPercentage`; Node.js: `--max-old-space-size`).',
    'If it grows without end, it leaks: a higher limit only delays the next time.',
  ],
});

const start: Rule = ({ describe, image }) => ({
  meaning: 'The container was made and its command could not be run.',
  steps: [
    `Read why, under "Last State": ${describe}`,
    `"not found" or "no such file": compare command and args with what is in ${image}. "permission denied": it is not executable for runAsUser. "exec format error": it is for another architecture.`,
  ],
});

const schedule: Rule = ({ describe }) => ({
  meaning: 'No node takes the pod.',
  steps: [
    `Read what each node lacks, under "Events": ${describe}`,
    '"Insufficient cpu" or "memory": lower `resources.requests`, or add a node: `kubectl describe nodes`',
    '"didn\'t match node affinity/selector" or "untolerated taint": mend nodeSelector, affinity or tolerations.',
    '"unbound PersistentVolumeClaims": look at the claim and its storage class.',
  ],
});

const volume: Rule = ({ describe, namespace }) => ({
  meaning: 'A volume cannot be attached or mounted.',
  steps: [
    `Read which one, under "Events": ${describe}`,
    `Look at its claim: \`kubectl get pvc -n ${namespace}\``,
    '"Multi-Attach": another node still has it; the pod there has to go first. A missing ConfigMap or Secret: create it.',
  ],
});

const eviction: Rule = ({ describe }) => ({
  meaning: 'The node ran short of memory, disk or process ids and put the pod out.',
  steps: [
    `Read what was short: ${describe}`,
    'Look at the node\'s conditions: `kubectl describe nodes`',
    'Give the pod requests that match what it takes, ephemeral-storage included; what takes more than it requests goes first.',
  ],
});

const deadline: Rule = () => ({
  meaning: 'The pod ran longer than activeDeadlineSeconds and was ended.',
  steps: ['Raise `activeDeadlineSeconds`, or find out what it waits for.'],
});

const probe: Rule = ({ describe, logs }) => ({
  meaning: 'The container runs and does not become ready.',
  steps: [
    `Read what the probe got, under "Events": ${describe}`,
    `See what it waits for: ${logs}`,
    'Check the probe\'s path, port and timeoutSeconds, and whether what it depends on can be reached.',
  ],
});

const otherwise: Rule = ({ describe, logs, events }) => ({
  meaning: 'There is no rule for this reason.',
  steps: [`Look at its state: ${describe}`, `Read what it says: ${logs}`, `Read what happened around it: ${events}`],
});

/** The first that fits the reason; reasons of init containers have `Init:` before them. */
const rules: readonly (readonly [RegExp, Rule])[] = [
  [/^(ImagePullBackOff|ErrImagePull|ErrImageNeverPull|InvalidImageName|RegistryUnavailable)$/, pull],
  [/^OOMKilled$/, memory],
  [/^(CreateContainerConfigError|CreateContainerError)$/, configuration],
  [/^(RunContainerError|ContainerCannotRun|StartError)$/, start],
  [/^(CrashLoopBackOff|Error|Failed|Completed|BackOff)$/, crash],
  [/^(FailedScheduling|Unschedulable|Pending|PodPending|SchedulingGated)$/, schedule],
  [/^(FailedMount|FailedAttachVolume|FailedMapVolume|VolumeError)$/, volume],
  [/^(Evicted|NodeLost|Preempted|Preempting)$/, eviction],
  [/^DeadlineExceeded$/, deadline],
  [/^(Unhealthy|NotReady|ContainersNotReady|ReadinessProbeFailed|ProbeError|ContainerCreating)$/, probe],
];

export function ruleBasedSolution(facts: FailedPodFacts): string {
  const reason = facts.failure_reason.replace(/^Init:/, '');
  const rule = rules.find(([pattern]) => pattern.test(reason))?.[1] ?? otherwise;
  const { meaning, steps } = rule(commandsFor(facts));
  return [meaning, '', ...steps.map((step, index) => `${index + 1}. ${step}`)].join('\n');
}

const code = (text: string): string => `\`${text}\``;

function commandsFor({ namespace, pod_name, container_statuses }: FailedPodFacts): Commands {
  const failing = container_statuses.find(({ ready }) => !ready) ?? container_statuses[0];
  const container = failing ? ` -c ${failing.name}` : '';
  return {
    describe: code(`kubectl describe pod ${pod_name} -n ${namespace}`),
    logs: code(`kubectl logs ${pod_name} -n ${namespace}${container}`),
    previousLogs: code(`kubectl logs ${pod_name} -n ${namespace}${container} --previous`),
    events: code(`kubectl get events -n ${namespace} --field-selector involvedObject.name=${pod_name}`),
    image: failing ? code(failing.image) : 'the one in its specification',
    namespace,
  };
}
