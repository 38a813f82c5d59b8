import { useMutation } from '@tanstack/react-query';
import { Bell, Bot, CircleAlert, EyeOff, KeyRound, LogOut, ShieldAlert, Users, type LucideIcon } from 'lucide-react';
import { Link, useLocation } from 'wouter';
import type { LiveState } from '../api/live.ts';
import { request } from '../api/request.ts';
import { IconButton } from '../design/button.tsx';
import { Failed } from '../design/states.tsx';
import { Brand } from './brand.tsx';
import { useMay, useUser } from './session.tsx';
import css from './shell.module.css';
import { ThemeChoice } from './theme-choice.tsx';

const liveWords: Readonly<Record<LiveState, string>> = {
  connecting: 'Connecting',
  open: 'Live',
  lost: 'Not live',
};

async function logOut(): Promise<void> {
  await request('POST', '/api/auth/logout');
  // Nothing of this session stays in the page.
  location.assign('/');
}

export function Navigation({ live }: { readonly live: LiveState }) {
  const user = useUser();
  const mayWrite = useMay('write');
  const mayAdminister = useMay('admin');
  const leave = useMutation({ mutationFn: logOut });
  return (
    <nav className={css.nav} aria-label="Main">
      <Brand />
      <div className={css.group}>
        <Item href="/pods" icon={CircleAlert} label="Failing pods" />
        <Item href="/findings" icon={ShieldAlert} label="Security findings" />
        {mayWrite && <Item href="/suppressions" icon={EyeOff} label="Suppressions" />}
      </div>
      {mayAdminister && (
        <div className={css.group}>
          <p>Admin Panel</p>
          <Item href="/admin/users" icon={Users} label="Users" />
          <Item href="/admin/llm" icon={Bot} label="LLM" />
          <Item href="/admin/notifications" icon={Bell} label="Notifications" />
          <Item href="/admin/credentials" icon={KeyRound} label="Credentials" />
        </div>
      )}
      <div className={css.below}>
        <div className={css.state}>
          <span className={css.live} data-state={live}>
            {liveWords[live]}
          </span>
          <ThemeChoice />
        </div>
        {leave.isError && <Failed error={leave.error} />}
        <div className={css.who}>
          <Link href="/account" className={css.account ?? ''}>
            <b>{user.username}</b>
            <span>Account, role {user.role}</span>
          </Link>
          <IconButton label="Log out" onClick={() => leave.mutate()}>
            <LogOut aria-hidden="true" />
          </IconButton>
        </div>
      </div>
    </nav>
  );
}

function Item({ href, icon: Icon, label }: { readonly href: string; readonly icon: LucideIcon; readonly label: string }) {
  const [location] = useLocation();
  return (
    <Link href={href} className={css.link ?? ''} aria-current={location.startsWith(href) ? 'page' : undefined}>
      <Icon aria-hidden="true" />
      {label}
    </Link>
  );
}
