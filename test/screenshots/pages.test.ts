/** Pictures of everything that the backend alone can show. Run by `npm run screenshots`. */
import { test } from 'vitest';
import { startBackend } from '../page/backend.ts';
import { furnish, insideSituations, outsideSituations } from '../page/situations.ts';
import { invitation, signUp, visit } from '../page/visitor.ts';
import { frames, picture } from './frames.ts';

test('everything that is there', async () => {
  const backend = await startBackend();
  for (const frame of frames) {
    const stranger = await visit(backend, frame.options);
    await stranger.open('/', 'Create the first admin');
    await picture(stranger, 'first-visit', frame);
  }
  const admin = await signUp(backend);
  for (const frame of frames) {
    const early = await visit(backend, { ...frame.options, storageState: await admin.page.context().storageState() });
    for (const [name, path, heading] of [['no-pods', '/pods', 'Failing pods'], ['no-findings', '/findings', 'Security findings']] as const) {
      await early.open(path, heading);
      await early.settled();
      await picture(early, name, frame);
    }
  }
  await furnish(backend.service, admin, { pods: 48, findings: 640 });
  const invited = await invitation(admin, 'write');
  for (const frame of frames) {
    const visitor = await visit(backend, { ...frame.options, storageState: await admin.page.context().storageState() });
    for (const { name, show } of insideSituations) {
      await show(visitor);
      await picture(visitor, name, frame);
    }
    const stranger = await visit(backend, frame.options);
    for (const { name, show } of outsideSituations(invited)) {
      await show(stranger);
      await picture(stranger, name, frame);
    }
  }
});
