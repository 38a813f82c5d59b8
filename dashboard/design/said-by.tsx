import { TimeAgo } from './time-ago.tsx';

/** Under what a language model has written: provider and model, and when. */
export function SaidBy({ by, at }: { readonly by: string; readonly at: string }) {
  return (
    <p>
      <small>
        By {by}, <TimeAgo at={at} />. It may be wrong.
      </small>
    </p>
  );
}
