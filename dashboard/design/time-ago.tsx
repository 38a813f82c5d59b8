import { useSyncExternalStore } from 'react';
import { ago, dateTime } from './format.ts';

const stepMs = 15_000;

function eachStep(changed: () => void): () => void {
  const timer = setInterval(changed, stepMs);
  return () => clearInterval(timer);
}

const nowInSteps = (): number => Math.floor(Date.now() / stepMs) * stepMs;

export function TimeAgo({ at }: { readonly at: string }) {
  useSyncExternalStore(eachStep, nowInSteps);
  const ms = Date.parse(at);
  if (Number.isNaN(ms)) return <>{at}</>;
  return (
    <time dateTime={at} title={dateTime(at)}>
      {ago(ms, Date.now())}
    </time>
  );
}
