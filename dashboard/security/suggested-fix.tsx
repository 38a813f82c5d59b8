/** How the manifest could be, as a language model proposes it. It is shown and never applied. */
import { useMutation } from '@tanstack/react-query';
import type { Finding, FindingFix, FixLine } from '../../shared/contract/security.ts';
import { RequestProblem } from '../api/problem.ts';
import { request } from '../api/request.ts';
import { useLlm } from '../api/use-llm.ts';
import { useMay } from '../app/session.tsx';
import { Advice } from '../design/advice.tsx';
import { Asking } from '../design/asking.tsx';
import { Button } from '../design/button.tsx';
import { CopyButton, Part } from '../design/detail.tsx';
import { Buttons } from '../design/page.tsx';
import css from './suggested-fix.module.css';

export function SuggestedFix({ finding: { id, manifest } }: { readonly finding: Finding }) {
  const isThere = useLlm();
  const mayAsk = useMay('write') && isThere;
  const ask = useMutation({
    mutationFn: async () => {
      const fix = await request<FindingFix>('POST', `/api/security/findings/${id}/fix`);
      if (fix.reason !== null) throw new RequestProblem(200, `${fix.reason}.`);
      return fix;
    },
  });
  if (!mayAsk || manifest === '') return null;
  const actions = (
    <Button isBusy={ask.isPending} onClick={() => ask.mutate()}>
      {ask.data ? 'Suggest again' : 'Suggest a fix'}
    </Button>
  );
  return (
    <Part title="Suggested fix" actions={actions}>
      <Asking {...ask} />
      {ask.data && <Proposal fix={ask.data} />}
    </Part>
  );
}

function Proposal({ fix: { explanation, diff, fixed_manifest } }: { readonly fix: FindingFix }) {
  return (
    <>
      <Advice text={explanation} />
      <pre className={css.diff} tabIndex={0} role="region" aria-label="Changes">
        {diff.map((line, index) => (
          <Line key={index} {...line} />
        ))}
      </pre>
      <Buttons>
        <CopyButton text={fixed_manifest} label="Copy the manifest" />
      </Buttons>
    </>
  );
}

function Line({ content, type }: FixLine) {
  if (type === 'added') return <ins>{`+ ${content}\n`}</ins>;
  if (type === 'removed') return <del>{`- ${content}\n`}</del>;
  return <span>{`  ${content}\n`}</span>;
}
