import type { KeyCredentials, RotationStatus } from '../../shared/contract/credentials.ts';
import { Badge } from '../design/badge.tsx';
import { Card } from '../design/page.tsx';
import { Note } from '../design/states.tsx';
import { TimeAgo } from '../design/time-ago.tsx';
import css from './steps.module.css';

/** In the order of a rotation. */
const steps: readonly string[] = ['Debouncing', 'Verifying', 'Presenting', 'Proving', 'Retiring', 'Stable'];

/** What is out of the ordinary, and what to do about it. */
const troubles: Readonly<Record<string, string>> = {
  Paused: 'Somebody has paused the rotation: nothing restarts, nothing is retired. It goes on with "kubectl kure-bootstrap resume".',
  Stuck: 'Nothing has moved for long. It goes on by itself once the cause is fixed; "kubectl kure-bootstrap doctor" says more.',
  Rejected: 'What was asked for cannot be done. Write another value at its source.',
  Contested: 'Something keeps writing values that it made up, and each is put back. Fix what writes them.',
  Cutover: 'The verifiers cannot accept two values, so requests are rejected until the rollouts are done.',
};

type Key = readonly [name: string, key: KeyCredentials];

const isMoving = ([, { phase = 'Stable' }]: Key): boolean => phase !== 'Stable';

export function Steps({ status: { phase, keys, waitingFor, failures } }: { readonly status: RotationStatus }) {
  const moving = Object.entries(keys).filter(isMoving);
  const isStable = phase === 'Stable';
  // Paused and stuck are no steps: the key says at which one it stands.
  const at = steps.indexOf(steps.includes(phase) ? phase : (moving[0]?.[1].step ?? ''));
  const sentences = new Set([...waitingFor, ...moving.flatMap(([, key]) => key.waitingFor ?? [])]);
  const trouble = troubles[phase];
  const tone = trouble !== undefined ? 'high' : isStable ? 'good' : 'low';
  return (
    <Card title={isStable ? 'No rotation runs' : 'Rotation'} actions={<Badge tone={tone}>{phase}</Badge>}>
      {moving.map(([name, key]) => (
        <Move key={name} name={name} credentials={key} />
      ))}
      <ol className={css.steps} aria-label="Steps of a rotation">
        {steps.map((step, index) => (
          <li key={step} data-state={index < at || isStable ? 'done' : index === at ? 'now' : 'later'} aria-current={index === at ? 'step' : undefined}>
            {step}
          </li>
        ))}
      </ol>
      <div role="status" className={css.sentences}>
        {trouble !== undefined && <Note tone="medium">{trouble}</Note>}
        {[...sentences].map((sentence) => (
          <Note key={sentence}>Waiting for {sentence}</Note>
        ))}
      </div>
      {failures.map((sentence) => (
        <Note key={sentence} tone="medium">
          {sentence}
        </Note>
      ))}
    </Card>
  );
}

/** From which generation a key goes to which, and since when. */
function Move({ name, credentials: { committed, target, accepted } }: { readonly name: string; readonly credentials: KeyCredentials }) {
  const edit = accepted.find((generation) => generation.name === target);
  return (
    <p>
      <b>{name}</b> {committed === target ? <>to {target}</> : <>from {committed} to {target}</>}
      {edit && (
        <>
          , written <TimeAgo at={edit.recordedAt} />
          {edit.editedBy !== undefined && ` by ${edit.editedBy}`}
        </>
      )}
    </p>
  );
}
