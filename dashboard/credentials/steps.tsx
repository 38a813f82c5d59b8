import { Badge } from '../design/badge.tsx';
import { Card } from '../design/page.tsx';
import { Note } from '../design/states.tsx';
import css from './steps.module.css';

/** In the order of a rotation. */
const steps = ['Debouncing', 'Verifying', 'Presenting', 'Proving', 'Retiring', 'Stable'] as const;
const troubles = new Set(['Paused', 'Stuck', 'Rejected', 'Contested', 'Cutover']);

interface StepsProps {
  readonly phase: string;
  readonly waitingFor: readonly string[];
  readonly failures: readonly string[];
}

export function Steps({ phase, waitingFor, failures }: StepsProps) {
  const at = (steps as readonly string[]).indexOf(phase);
  const title = phase === 'Stable' ? 'No rotation runs' : 'Rotation';
  return (
    <Card title={title} actions={<Badge tone={troubles.has(phase) ? 'high' : phase === 'Stable' ? 'good' : 'low'}>{phase}</Badge>}>
      <ol className={css.steps} aria-label="Steps of a rotation">
        {steps.map((step, index) => (
          <li key={step} data-state={index < at || phase === 'Stable' ? 'done' : index === at ? 'now' : 'later'} aria-current={index === at ? 'step' : undefined}>
            {step}
          </li>
        ))}
      </ol>
      <div role="status">
        {waitingFor.map((sentence) => (
          <Note key={sentence}>{sentence}</Note>
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
