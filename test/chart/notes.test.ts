import { describe, expect, it } from 'vitest';
import { install } from './render.ts';

const blue = { release: 'blue', namespace: 'monitoring' };

describe.each([true, false])('NOTES with operator.enabled=%s', (enabled) => {
  const { notes, rendered } = install({ ...blue, values: { operator: { enabled } } });

  it('hold no value of a Secret, in no form', () => {
    const values = Object.values(rendered.get('Secret', 'blue-bootstrap').data ?? {});
    expect(values).toHaveLength(2);
    for (const value of values) {
      expect(notes).not.toContain(value);
      expect(notes).not.toContain(Buffer.from(value, 'base64').toString('utf8'));
    }
  });

  it('name only commands for this release and namespace', () => {
    expect(notes).toContain('kubectl edit secret blue-bootstrap -n monitoring');
    expect(notes).not.toContain('kure-monitor-');
    expect(notes).not.toContain('kure-system');
  });

  it('tell how to delete what an uninstall keeps', () => {
    expect(oneLine(notes)).toContain(
      `kubectl delete -n monitoring --ignore-not-found secret/blue-bootstrap secret/blue-keyring ${enabled ? 'configmap/blue-rotation ' : ''}persistentvolumeclaim/blue-backend-data`,
    );
  });
});

describe('NOTES', () => {
  it('tell how to watch a rotation where the operator does it', () => {
    const { notes } = install(blue);
    expect(notes).toContain('kubectl get configmap blue-rotation -n monitoring');
    expect(notes).not.toContain('rollout restart');
  });

  it('give the whole manual procedure where nobody else does it', () => {
    const { notes } = install({ ...blue, values: { operator: { enabled: false } } });
    expect(oneLine(notes)).toContain('kubectl rollout restart deployment/blue-backend deployment/blue-security-scanner -n monitoring');
    expect(notes).toContain('kubectl rollout restart daemonset/blue-agent -n monitoring');
    expect(notes).not.toContain('blue-rotation');
  });
});

/** Commands as a shell reads them. */
function oneLine(text: string): string {
  return text.replaceAll(/\s*\\\n\s*/g, ' ');
}
