/** How long records are kept. */
import { useMutation, useQuery } from '@tanstack/react-query';
import { useMay } from '../app/session.tsx';
import { get, request } from '../api/request.ts';
import { Choice } from '../design/field.tsx';
import { Toolbar } from '../design/page.tsx';
import { Failed } from '../design/states.tsx';

const choices = [
  [0, 'for ever'],
  [60, '1 hour'],
  [24 * 60, '1 day'],
  [7 * 24 * 60, '7 days'],
  [30 * 24 * 60, '30 days'],
] as const;

export function Retention({ name }: { readonly name: 'history' | 'ignored' }) {
  const path = `/api/admin/settings/${name}-retention`;
  const { data, refetch } = useQuery({ queryKey: ['retention', name], queryFn: () => get<{ minutes: number }>(path) });
  const work = useMutation({ mutationFn: (minutes: number) => request('PUT', path, { minutes }), onSettled: () => refetch() });
  const mayWrite = useMay('write');
  if (!data) return null;
  const isOther = choices.every(([minutes]) => minutes !== data.minutes);
  return (
    <Toolbar>
      <span>Records are kept</span>
      <Choice label="Records are kept" value={data.minutes} disabled={!mayWrite} onChoose={(value) => work.mutate(Number(value))}>
        {choices.map(([minutes, label]) => (
          <option key={minutes} value={minutes}>
            {label}
          </option>
        ))}
        {isOther && <option value={data.minutes}>{data.minutes} minutes</option>}
      </Choice>
      {work.isError && <Failed error={work.error} />}
    </Toolbar>
  );
}
