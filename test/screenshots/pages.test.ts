/** Pictures of everything that the backend alone can show. Run by `npm run screenshots`. */
import { test } from 'vitest';
import { startBackend } from '../page/backend.ts';
import { emptySituations, furnish, insideSituations, outsideSituations, present, type Situation } from '../page/situations.ts';
import { insideTroubles, outsideTroubles } from '../page/troubles.ts';
import { invitation, signUp, visit, type Visitor } from '../page/visitor.ts';
import { frames, isPhone, picture, type Frame } from './frames.ts';

interface Screen {
  readonly frame: Frame;
  readonly visitor: Visitor;
}

/** All frames at once: much of the time is waiting. */
async function pictures(screens: readonly Screen[], situations: readonly Situation[]): Promise<void> {
  for (const situation of situations) {
    const fitting = screens.filter(({ frame }) => !situation.isOnPhonesOnly || isPhone(frame));
    await Promise.all(
      fitting.map(async ({ visitor, frame }) => {
        await present(visitor, situation);
        await picture(visitor, situation.name, frame);
      }),
    );
  }
}

test('everything that is there', async () => {
  const backend = await startBackend();
  const screensOf = (options: object): Promise<Screen[]> =>
    Promise.all(frames.map(async (frame) => ({ frame, visitor: await visit(backend, { ...frame.options, ...options }) })));

  const strangers = await screensOf({});
  await pictures(strangers, [{ name: 'first-visit', show: (visitor) => visitor.open('/', 'Create the first admin') }]);
  const admin = await signUp(backend);
  const admins = await screensOf({ storageState: await admin.page.context().storageState() });
  await pictures(admins, emptySituations);
  await furnish(backend.service, admin, { pods: 48, findings: 640 });
  await pictures(admins, [...insideSituations, ...insideTroubles]);
  const invited = await invitation(admin, 'write');
  await pictures(strangers, [...outsideSituations(invited), ...outsideTroubles(invited)]);
});
