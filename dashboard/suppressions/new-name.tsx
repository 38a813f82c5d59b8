/** The form above a list: a name, with what could be meant. */
import { useQuery } from '@tanstack/react-query';
import { keys } from '../api/keys.ts';
import { get } from '../api/request.ts';
import { Button } from '../design/button.tsx';
import { TextField } from '../design/field.tsx';
import { formText } from '../design/form.tsx';
import css from './new-name.module.css';

export type NameField = 'namespace' | 'pod_name' | 'rule_title' | 'registry';

/** What Kubernetes takes as a name, and how to say so. Pods may have dots, too. */
const shapes: Readonly<Partial<Record<NameField, { readonly pattern: string; readonly title: string }>>> = {
  namespace: { pattern: '[a-z0-9]([a-z0-9\\-]*[a-z0-9])?', title: 'Small letters, digits and hyphens, as Kubernetes names namespaces' },
  pod_name: { pattern: '[a-z0-9]([a-z0-9.\\-]*[a-z0-9])?', title: 'Small letters, digits, hyphens and dots, as Kubernetes names pods' },
};

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
      <TextField label={label} name="name" autoComplete="off" suggestions={names} required {...shapes[field]} />
      {hasScope && <TextField label="Only in namespace" name="scope" autoComplete="off" placeholder="Everywhere" suggestions={namespaces} {...shapes.namespace} />}
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
