import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { applyLive, readAgain } from '../api/apply-live.ts';
import { keys } from '../api/keys.ts';
import { openLive, type LiveState } from '../api/live.ts';

/** Live updates for as long as somebody is logged in. */
export function useLive(): LiveState {
  const client = useQueryClient();
  const [state, setState] = useState<LiveState>('connecting');
  useEffect(
    () =>
      openLive({
        onMessages: (messages) => applyLive(client, messages),
        onOpened: () => void readAgain(client),
        onState: setState,
        onRefused: () => void client.invalidateQueries({ queryKey: keys.me }),
      }),
    [client],
  );
  return state;
}
