import type { Credentials } from '../../shared/contract/credentials.ts';
import { Badge } from '../design/badge.tsx';
import { Card } from '../design/page.tsx';
import { Note } from '../design/states.tsx';
import { Table } from '../design/table.tsx';
import { TimeAgo } from '../design/time-ago.tsx';

interface PresentersProps {
  readonly verifier: Credentials['verifier'];
  readonly target: string | undefined;
}

/** Who presents which generation of the service token to this backend. */
export function Presenters({ verifier: { accepted, uses, refused }, target }: PresentersProps) {
  const used = uses.flatMap(({ generation, sources }) =>
    sources.map(({ address, count, lastUsedAt }) => ({
      key: `${generation} ${address}`,
      cells: [address, generation ?? 'without a name', <UseState {...{ generation, accepted, target }} />, count, <TimeAgo at={lastUsedAt} />],
    })),
  );
  const turnedAway = refused.map(({ reason, generation, address, count, lastRefusedAt }) => ({
    key: `${reason} ${generation ?? ''} ${address}`,
    cells: [address, generation ?? reason, <Badge tone="critical">refused</Badge>, count, <TimeAgo at={lastRefusedAt} />],
  }));
  const rows = [...used, ...turnedAway];
  return (
    <Card title="Presenters of the service token" lead="As this backend has seen them since it started." isFlush={rows.length > 0}>
      {rows.length === 0 ? (
        <Note>Nobody has presented the service token yet.</Note>
      ) : (
        <Table label="Presenters" columns={['Address', 'Generation', 'State', 'Uses', 'Last use']} rows={rows} />
      )}
    </Card>
  );
}

interface UseStateProps {
  readonly generation: string | null;
  readonly accepted: readonly string[];
  readonly target: string | undefined;
}

/** A use of what has ended since says nothing about today. */
function UseState({ generation, accepted, target }: UseStateProps) {
  if (generation !== null && !accepted.includes(generation)) return <Badge tone="calm">retired</Badge>;
  if (target === undefined) return <Badge tone="good">accepted</Badge>;
  return generation === target ? <Badge tone="good">current</Badge> : <Badge tone="medium">old</Badge>;
}
