/** Whether there is a language model to ask. */
import { useQuery } from '@tanstack/react-query';
import type { Static } from 'typebox';
import type { AppConfig } from '../../shared/contract/administration.ts';
import { keys } from './keys.ts';
import { get } from './request.ts';

export function useLlm(): boolean {
  const { data } = useQuery({ queryKey: keys.llmEnabled, queryFn: () => get<Static<typeof AppConfig>>('/api/config'), staleTime: 60_000 });
  return data?.ai_enabled ?? false;
}
