import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { render } from './render.ts';

const decoded = (text: string | undefined): string => Buffer.from(text ?? '', 'base64').toString('utf8');

describe('the bootstrap Secret of a first render', () => {
  const secret = render({ release: 'blue' }).get('Secret', 'blue-bootstrap');
  const token = decoded(secret.data?.['service-token']);
  const session = decoded(secret.data?.['session-secret']);

  it('has two different values of 48 letters and digits, as data', () => {
    expect(Object.keys(secret.data ?? {}).sort()).toEqual(['service-token', 'session-secret']);
    expect(token).toMatch(/^[A-Za-z0-9]{48}$/);
    expect(session).toMatch(/^[A-Za-z0-9]{48}$/);
    expect(token).not.toBe(session);
    expect(secret).not.toHaveProperty('stringData');
  });

  it('stays when the release goes', () => {
    expect(secret.metadata?.annotations).toMatchObject({ 'helm.sh/resource-policy': 'keep' });
  });

  it('bears the mark of a render that made up every value', () => {
    const mark = createHash('sha256').update(`blue\n${token}\n${session}`).digest('hex');
    expect(secret.metadata?.annotations).toMatchObject({ 'bootstrap.kure.io/rendered': mark });
  });

  it('is the only Secret, and its values are nowhere else', () => {
    const rendered = render();
    const values = Object.values(rendered.get('Secret', 'kure-monitor-bootstrap').data ?? {});
    const others = JSON.stringify(rendered.objects.filter(({ kind }) => kind !== 'Secret'));
    expect(rendered.all('Secret')).toHaveLength(1);
    for (const value of values) {
      expect(others).not.toContain(value);
      expect(others).not.toContain(decoded(value));
    }
  });
});
