/** Accounts of people, what lets them in, and what keeps guessers out. */
import { define, type Definitions } from '../dialect.ts';

const statements = [
  `create table users (
    id integer primary key autoincrement,
    username text not null,
    username_folded text not null unique,
    password_hash text not null,
    email text,
    role text not null check (role in ('read', 'write', 'admin')),
    created_at text not null,
    updated_at text not null
  ) strict`,
  // Its one row makes the first admin unique, and is the lock under which admins are counted.
  `create table first_admin (
    id integer primary key check (id = 1),
    changes integer not null default 0,
    created_at text not null
  ) strict`,
  `create table sessions (
    key text primary key,
    user_id integer not null references users (id) on delete cascade,
    created_at text not null,
    expires_at text not null
  ) strict`,
  `create index sessions_of_user on sessions (user_id)`,
  `create index sessions_by_expiry on sessions (expires_at)`,
  `create table invitations (
    id integer primary key autoincrement,
    token_hash text not null unique,
    role text not null check (role in ('read', 'write', 'admin')),
    created_by integer references users (id) on delete set null,
    created_at text not null,
    expires_at text not null,
    used_at text
  ) strict`,
  `create table password_resets (
    token_hash text primary key,
    user_id integer not null unique references users (id) on delete cascade,
    created_at text not null,
    expires_at text not null
  ) strict`,
  `create table login_attempts (
    id integer primary key,
    address text not null,
    account text not null,
    at text not null
  ) strict`,
  `create index login_attempts_of_address on login_attempts (address, at)`,
  `create index login_attempts_of_account on login_attempts (account, at)`,
];

export const createAccounts = (definitions: Definitions) => define(definitions, statements);
