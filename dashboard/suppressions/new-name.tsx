/** The form above a list: a name, with what could be meant. */
import { useQuery } from '@tanstack/react-query';
import { keys } from '../api/keys.ts';
import { get } from '../api/request.ts';
import { Button } from '../design/button.tsx';
import { TextField } from '../design/field.tsx';
import { formText } from '../design/form.tsx';
import css from './new-name.module.css';

export type NameField = 'namespace' | 'pod_name' | 'rule_title' | 'registry';

/** What is named. */
export interface NameKind {
  readonly field: NameField;
  readonly label: string;
  /** Where the backend says what could be meant. */
  readonly candidates?: 'namespaces' | 'monitored-pods' | 'rule-titles' | undefined;
}

interface NewNameProps extends NameKind {
  readonly isBusy: boolean;
  readonly onAdd: (entry: Readonly<Record<string, string>>, added: () => void) => void;
}

/** Of pods the backend says more than the name. */
type Candidate = string | { readonly pod_name: string };

export function NewName({ field, label, candidates, isBusy, onAdd }: NewNameProps) {
  const names = useCandidates(candidates);
  const hasScope = field === 'rule_title';
  const namespaces = useCandidates(hasScope ? 'namespaces' : undefined);
  return (
    <form
      className={css.form}
      onSubmit={(event) => {
        event.preventDefault();
        const form = event.currentTarget;
        const namespace = formText(form, 'scope').trim();
        onAdd({ [field]: formText(form, 'name').trim(), ...(namespace !== '' && { namespace }) }, () => form.reset());
      }}
    >
      <TextField label={label} name="name" autoComplete="off" suggestions={names} required />
      {hasScope && <TextField label="Only in namespace" name="scope" autoComplete="off" placeholder="Everywhere" suggestions={namespaces} />}
      <Button type="submit" isBusy={isBusy}>
        Add
      </Button>
    </form>
  );
}

function useCandidates(path: NameKind['candidates']): readonly string[] | undefined {
  const { data } = useQuery({
    queryKey: [...keys.suppressions, 'candidates', path],
    queryFn: () => get<Candidate[]>(`/api/admin/${path}`),
    enabled: path !== undefined,
  });
  return data && [...new Set(data.map((one) => (typeof one === 'string' ? one : one.pod_name)))];
}
