import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { keys } from '../api/keys.ts';
import { get, request } from '../api/request.ts';
import { Breakable } from '../design/breakable.tsx';
import { Button } from '../design/button.tsx';
import { Card } from '../design/page.tsx';
import { Failed, Note, Skeleton } from '../design/states.tsx';
import { Table } from '../design/table.tsx';
import { TimeAgo } from '../design/time-ago.tsx';
import { NewName, type NameField, type NameKind } from './new-name.tsx';

type Entry = { readonly id: number; readonly created_at: string; readonly namespace?: string | null } & Partial<Record<NameField, string | null>>;

interface NameListProps extends NameKind {
  readonly title: string;
  /** What it does to be on the list. */
  readonly lead: string;
  readonly path: string;
}

interface Change {
  /** An entry, or the one that is added. */
  readonly what: Entry['id'] | 'new';
  readonly call: () => Promise<unknown>;
}

export function NameList({ title, lead, path, field, label, candidates }: NameListProps) {
  const client = useQueryClient();
  const url = `/api/admin/${path}`;
  const { data, error, refetch } = useQuery({ queryKey: [...keys.suppressions, path], queryFn: () => get<Entry[]>(url) });
  const change = useMutation({
    mutationFn: ({ call }: Change) => call(),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.suppressions }),
  });
  const isAt = (what: Change['what']): boolean => change.isPending && change.variables.what === what;
  const remove = (entry: Entry): Promise<unknown> =>
    request('DELETE', `${url}/${encodeURIComponent(entry[field] ?? '')}${isOfOneNamespace(entry) ? `?namespace=${encodeURIComponent(entry.namespace!)}` : ''}`);
  /** A rule is excluded everywhere, or in one namespace. */
  const isOfOneNamespace = (entry: Entry): boolean => field === 'rule_title' && Boolean(entry.namespace);
  return (
    <Card title={title} lead={lead}>
      <NewName
        {...{ field, label, candidates }}
        isBusy={isAt('new')}
        onAdd={(entry, added) => change.mutate({ what: 'new', call: () => request('POST', url, entry) }, { onSuccess: added })}
      />
      {change.isError && <Failed error={change.error} />}
      {error && !data && <Failed error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton rows={2} />}
      {data?.length === 0 && <Note>The list is empty.</Note>}
      {data && data.length > 0 && (
        <Table
          label={title}
          columns={[label, 'Added']}
          rows={data.map((entry) => ({
            key: entry.id,
            cells: [
              <>
                <Breakable text={entry[field] ?? ''} />
                {isOfOneNamespace(entry) && <Breakable text={` in ${entry.namespace}`} />}
              </>,
              <TimeAgo at={entry.created_at} />,
            ],
            actions: (
              <Button
                kind="warn"
                isBusy={isAt(entry.id)}
                aria-label={`Remove ${entry[field]}`}
                onClick={() => change.mutate({ what: entry.id, call: () => remove(entry) })}
              >
                Remove
              </Button>
            ),
          }))}
        />
      )}
    </Card>
  );
}
