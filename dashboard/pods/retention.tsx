/** How long records are kept. */
import { useQuery } from '@tanstack/react-query';
import { useMay } from '../app/session.tsx';
import { get, request } from '../api/request.ts';
import { Toolbar } from '../design/page.tsx';
import { SavedChoice } from '../design/saved-choice.tsx';

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
  const save = async (minutes: string): Promise<void> => {
    await request('PUT', path, { minutes: Number(minutes) });
    await refetch();
  };
  const mayWrite = useMay('write');
  if (!data) return null;
  const isOther = choices.every(([minutes]) => minutes !== data.minutes);
  return (
    <Toolbar>
      <span>Records are kept</span>
      <SavedChoice label="Records are kept" value={String(data.minutes)} isDisabled={!mayWrite} onSave={save}>
        {choices.map(([minutes, label]) => (
          <option key={minutes} value={minutes}>
            {label}
          </option>
        ))}
        {isOther && <option value={data.minutes}>{data.minutes} minutes</option>}
      </SavedChoice>
    </Toolbar>
  );
}
