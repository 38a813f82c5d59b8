import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Sparkles } from 'lucide-react';
import type { PodFailure } from '../../shared/contract/pods.ts';
import { useMay } from '../app/session.tsx';
import { keys } from '../api/keys.ts';
import { get, request } from '../api/request.ts';
import { Button } from '../design/button.tsx';
import { Part, Prose } from '../design/detail.tsx';
import { Failed, Note } from '../design/states.tsx';

interface Explanation {
  readonly solution: string;
}

/** What may help: by rule, or from the language model where one is set up. */
export function Solution({ failure }: { readonly failure: PodFailure }) {
  const client = useQueryClient();
  const mayWrite = useMay('write');
  const { data: config } = useQuery({ queryKey: keys.config, queryFn: () => get<{ ai_enabled: boolean }>('/api/config') });
  const again = useMutation({
    mutationFn: () => request('POST', `/api/pods/failed/${failure.id}/retry-solution`),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.allPods }),
  });
  const explain = useMutation({
    mutationFn: () => request<Explanation>('POST', `/api/pods/failed/${failure.id}/troubleshoot`),
  });
  const actions = mayWrite && config?.ai_enabled && failure.status !== 'resolved' && (
    <span>
      <Button kind="quiet" isBusy={again.isPending} onClick={() => again.mutate()}>
        New solution
      </Button>
      {failure.logs_captured && (
        <Button icon={<Sparkles aria-hidden="true" />} isBusy={explain.isPending} onClick={() => explain.mutate()}>
          Explain from logs
        </Button>
      )}
    </span>
  );
  const error = again.error ?? explain.error;
  return (
    <Part title="Solution" actions={actions}>
      <Note>
        <Prose text={failure.solution || 'There is no solution yet. The events and logs below say more.'} />
      </Note>
      {explain.data && (
        <Note tone="good">
          <Prose text={explain.data.solution} />
        </Note>
      )}
      {error && <Failed error={error} />}
    </Part>
  );
}
