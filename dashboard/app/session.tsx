/** Who is logged in, and what that role may do. */
import { useQuery, type QueryClient } from '@tanstack/react-query';
import { createContext, use } from 'react';
import type { Role, User } from '../../shared/contract/accounts.ts';
import { keys } from '../api/keys.ts';
import { RequestProblem } from '../api/problem.ts';
import { get } from '../api/request.ts';

/** Each may do what the ones before it may. */
export const roles: readonly Role[] = ['read', 'write', 'admin'];

export const UserContext = createContext<User | undefined>(undefined);

export function useUser(): User {
  const user = use(UserContext);
  if (!user) throw new Error('nobody is logged in here');
  return user;
}

export function useMay(role: Role): boolean {
  return roles.indexOf(useUser().role) >= roles.indexOf(role);
}

/** null: nobody is logged in. */
async function whoAmI(): Promise<User | null> {
  try {
    return (await get<{ user: User }>('/api/auth/me')).user;
  } catch (error) {
    if (error instanceof RequestProblem && error.status === 401) return null;
    throw error;
  }
}

/** What one user saw is not kept for the next. */
async function whoIsThere({ client }: { readonly client: QueryClient }): Promise<User | null> {
  const user = await whoAmI();
  const before = client.getQueryData<User | null>(keys.me);
  if (before && before.id !== user?.id) client.removeQueries({ predicate: ({ queryKey: [first] }) => first !== 'me' && first !== 'auth-status' });
  return user;
}

export const useMe = () => useQuery({ queryKey: keys.me, queryFn: whoIsThere, staleTime: 60_000 });
