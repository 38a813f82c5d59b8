/** What may help: by rules, or by a language model where somebody has asked it. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { PodFailure, RetriedSolution, Troubleshooting } from '../../shared/contract/pods.ts';
import { applyLive } from '../api/apply-live.ts';
import { RequestProblem } from '../api/problem.ts';
import { request } from '../api/request.ts';
import { useLlm } from '../api/use-llm.ts';
import { useMay } from '../app/session.tsx';
import { Advice } from '../design/advice.tsx';
import { Asking } from '../design/asking.tsx';
import { Button } from '../design/button.tsx';
import { Part } from '../design/detail.tsx';
import { SaidBy } from '../design/said-by.tsx';

interface SolutionProps {
  readonly failure: PodFailure;
}

export function Solution({ failure }: SolutionProps) {
  const { id, solution, solution_by, solution_generated_at } = failure;
  const client = useQueryClient();
  const ask = useMutation({
    mutationFn: async () => {
      const explained = await request<RetriedSolution>('POST', `/api/pods/failed/${id}/retry-solution`);
      if (explained.solution_error !== null) throw new RequestProblem(200, `${explained.solution_error}.`);
      applyLive(client, [{ type: 'pod_solution_updated', data: explained }]);
    },
  });
  return (
    <Part title="Solution" actions={<Ask label={solution_by === null ? 'Explain' : 'Explain again'} {...ask} />}>
      <Asking {...ask} />
      <Advice text={solution || 'There is no solution yet. Events and logs say more.'} />
      {solution_by !== null && solution_generated_at !== null && <SaidBy by={solution_by} at={solution_generated_at} />}
    </Part>
  );
}

/** Asked apart: logs may have anything in them, and asking sends them to the language model. */
export function SolutionFromLogs({ failure }: SolutionProps) {
  const { id, logs, logs_captured, log_aware_solution, log_aware_solution_by, log_aware_solution_generated_at } = failure;
  const client = useQueryClient();
  const isAsking = useMayAsk();
  const isExplained = log_aware_solution !== null;
  const ask = useMutation({
    mutationFn: async () => {
      const explained = await request<Troubleshooting>('POST', `/api/pods/failed/${id}/troubleshoot?regenerate=${isExplained}`);
      applyLive(client, [{ type: 'pod_troubleshoot_updated', data: { pod_id: id, ...explained } }]);
    },
  });
  const hasLogs = logs !== '' || logs_captured;
  if (!isExplained && !(hasLogs && isAsking)) return null;
  return (
    <Part title="From the logs" actions={hasLogs && <Ask label={isExplained ? 'Read the logs again' : 'Explain from the logs'} {...ask} />}>
      <Asking {...ask} />
      {isExplained && <Advice text={log_aware_solution} />}
      {log_aware_solution_by !== null && log_aware_solution_generated_at !== null && <SaidBy by={log_aware_solution_by} at={log_aware_solution_generated_at} />}
    </Part>
  );
}

interface AskProps {
  readonly label: string;
  readonly isPending: boolean;
  readonly mutate: () => void;
}

function Ask({ label, isPending, mutate }: AskProps) {
  if (!useMayAsk()) return null;
  return (
    <Button isBusy={isPending} onClick={() => mutate()}>
      {label}
    </Button>
  );
}

function useMayAsk(): boolean {
  const isThere = useLlm();
  return useMay('write') && isThere;
}
