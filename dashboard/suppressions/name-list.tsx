import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { keys } from '../api/keys.ts';
import { get, request } from '../api/request.ts';
import { Button } from '../design/button.tsx';
import { TextField } from '../design/field.tsx';
import { Card, Toolbar } from '../design/page.tsx';
import { Failed, Note, Skeleton } from '../design/states.tsx';
import { Table } from '../design/table.tsx';
import { TimeAgo } from '../design/time-ago.tsx';

type Field = 'namespace' | 'pod_name' | 'rule_title' | 'registry';
type Entry = { readonly id: number; readonly created_at: string; readonly namespace?: string | null } & Partial<Record<Field, string | null>>;

interface NameListProps {
  readonly title: string;
  readonly path: string;
  readonly field: Field;
  readonly label: string;
}

export function NameList({ title, path, field, label }: NameListProps) {
  const client = useQueryClient();
  const [name, setName] = useState('');
  const url = `/api/admin/${path}`;
  const { data, error } = useQuery({ queryKey: [...keys.suppressions, path], queryFn: () => get<Entry[]>(url) });
  const change = useMutation({
    mutationFn: (call: () => Promise<unknown>) => call(),
    onSuccess: () => {
      setName('');
      return client.invalidateQueries({ queryKey: keys.suppressions });
    },
  });
  /** A rule is excluded everywhere, or in one namespace. */
  const scope = ({ namespace }: Entry): string => (field === 'rule_title' && namespace ? `?namespace=${encodeURIComponent(namespace)}` : '');
  return (
    <Card title={title}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          change.mutate(() => request('POST', url, { [field]: name }));
        }}
      >
        <Toolbar>
          <TextField label={label} value={name} onChange={(event) => setName(event.target.value)} required />
          <Button type="submit" isBusy={change.isPending}>
            Add
          </Button>
        </Toolbar>
      </form>
      {(error ?? change.error) && <Failed error={error ?? change.error} />}
      {!data && !error && <Skeleton rows={2} />}
      {data?.length === 0 && <Note>The list is empty.</Note>}
      {data && data.length > 0 && (
        <Table
          label={title}
          columns={[label, 'Added', 'Action']}
          rows={data.map((entry) => ({
            key: entry.id,
            cells: [
              `${entry[field]}${scope(entry) === '' ? '' : ` in ${entry.namespace}`}`,
              <TimeAgo at={entry.created_at} />,
              <Button
                kind="warn"
                aria-label={`Remove ${entry[field]}`}
                onClick={() => change.mutate(() => request('DELETE', `${url}/${encodeURIComponent(entry[field] ?? '')}${scope(entry)}`))}
              >
                Remove
              </Button>,
            ],
          }))}
        />
      )}
    </Card>
  );
}
