import { useQueryClient } from '@tanstack/react-query';
import { useLocation } from 'wouter';
import { keys } from '../api/keys.ts';

/** Goes to the first page as whoever the cookie now says. */
export function useEnter(): () => void {
  const client = useQueryClient();
  const [, navigate] = useLocation();
  return () => {
    client.removeQueries({ predicate: ({ queryKey: [first] }) => first !== 'me' });
    void client.refetchQueries({ queryKey: keys.me }).then(() => navigate('/pods', { replace: true }));
  };
}
