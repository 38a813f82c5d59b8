import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Finding } from '../../shared/contract/security.ts';
import { useMay } from '../app/session.tsx';
import { keys } from '../api/keys.ts';
import { request } from '../api/request.ts';
import { Advice } from '../design/advice.tsx';
import { Badge } from '../design/badge.tsx';
import { Button } from '../design/button.tsx';
import { CopyButton, Facts, Part, Summary, Verbatim } from '../design/detail.tsx';
import { Dialog } from '../design/dialog.tsx';
import { dateTime } from '../design/format.ts';
import { Failed, Note } from '../design/states.tsx';
import { severityTone } from '../design/tone.ts';
import { SuggestedFix } from './suggested-fix.tsx';

interface FindingDetailProps {
  readonly finding: Finding;
  /** It has left the list. */
  readonly isGone: boolean;
  readonly onClose: () => void;
}

export function FindingDetail({ finding, isGone, onClose }: FindingDetailProps) {
  const { id, dismissed } = finding;
  const client = useQueryClient();
  const mayWrite = useMay('write');
  const decide = useMutation({
    mutationFn: () =>
      dismissed ? request('PUT', `/api/security/findings/${id}/restore`) : request('DELETE', `/api/security/findings/${id}`),
    onSuccess: () => {
      onClose();
      return client.invalidateQueries({ queryKey: keys.allFindings });
    },
  });
  const footer = mayWrite ? (
    <Button kind="primary" isBusy={decide.isPending} onClick={() => decide.mutate()}>
      {dismissed ? 'Restore' : 'Dismiss'}
    </Button>
  ) : (
    <p>Your role may see this and change nothing.</p>
  );
  return (
    <Dialog shape="sheet" title={finding.title} onClose={onClose} footer={!isGone && footer}>
      {isGone && <Note>This finding has left the list: it is fixed, or somebody decided about it.</Note>}
      {decide.isError && <Failed error={decide.error} />}
      <Summary text={finding.description}>
        <Badge tone={severityTone(finding.severity)}>{finding.severity}</Badge>
      </Summary>
      <Facts
        facts={[
          ['Resource', `${finding.resource_type} ${finding.resource_name}`],
          ['Namespace', finding.namespace],
          ['Category', finding.category],
          ['Found', dateTime(finding.timestamp)],
        ]}
      />
      <Part title="Remediation">
        <Advice text={finding.remediation} />
      </Part>
      <SuggestedFix finding={finding} />
      {finding.manifest !== '' && (
        <Part title="Manifest" actions={<CopyButton text={finding.manifest} />}>
          <Verbatim label="Manifest" text={finding.manifest} />
        </Part>
      )}
    </Dialog>
  );
}
