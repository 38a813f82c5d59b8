/** Puts together what people need: accounts, sessions and the throttle. */
import type { Clock } from '../shared/clock.ts';
import { Accounts } from './domain/accounts.ts';
import { LoginThrottle } from './domain/login-throttle.ts';
import { Passwords } from './domain/passwords.ts';
import type { SessionSecret } from './domain/session-secret.ts';
import { Sessions } from './domain/sessions.ts';
import { UserAdmin } from './domain/user-admin.ts';
import type { AccountStores } from './store/account-store.ts';

export function createPeople(stores: AccountStores, secret: SessionSecret, clock: Clock) {
  const sessions = new Sessions({ store: stores.sessions, secret, clock });
  const throttle = new LoginThrottle({ store: stores.loginAttempts, clock });
  const accounts = new Accounts({ stores, sessions, passwords: new Passwords(), throttle, clock });
  return { sessions, accounts, userAdmin: new UserAdmin({ stores, sessions, clock }) };
}
