import { expect, it } from 'vitest';
import { jsonPatch } from '../../delivery/tools/json-patch.ts';

it('says what has to change, field by field, and escapes names', () => {
  const live = { metadata: { annotations: { 'a/b': '1', gone: 'x' } }, spec: { same: [1], list: [1] } };
  const predicted = { metadata: { annotations: { 'a/b': '2' }, labels: { new: 'y' } }, spec: { same: [1], list: [1, 2] } };
  expect(jsonPatch(live, predicted)).toEqual([
    { op: 'replace', path: '/metadata/annotations/a~1b', value: '2' },
    { op: 'remove', path: '/metadata/annotations/gone' },
    { op: 'add', path: '/metadata/labels', value: { new: 'y' } },
    { op: 'replace', path: '/spec/list', value: [1, 2] },
  ]);
});
