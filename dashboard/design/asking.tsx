import { Failed, Note } from './states.tsx';

interface AskingProps {
  readonly isPending: boolean;
  readonly error: unknown;
}

/** How a question to the language model goes. */
export function Asking({ isPending, error }: AskingProps) {
  return (
    <>
      <div role="status">{isPending && <Note>The language model is asked. This can take a minute.</Note>}</div>
      {error !== null && <Failed error={error} />}
    </>
  );
}
