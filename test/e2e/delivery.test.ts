/** One column of docs/delivery.md on real pods: the same acts, by the same code, with nothing fake. */
import { expect, test } from 'vitest';
import { connect } from '../../shared/kube/connect.ts';
import { testBedTools } from '../../testbed/demo/cluster-tools.ts';
import { stories } from '../delivery/acts.ts';
import { modes } from '../delivery/modes.ts';
import { RealGround } from '../delivery/real-ground.ts';
import { tell } from '../delivery/story.ts';
import { lasting, readTable, rowOf } from '../delivery/table.ts';
import { ways } from '../delivery/tools/ways.ts';

const [way] = ways;
testBedTools();

test.each(modes)(`${way!.name}, values from $name`, async (mode) => {
  const connection = await connect();
  const setting = { connection, ground: (namespace: string) => new RealGround(connection, namespace, mode) };
  const verdicts = new Map<string, string>();
  await Promise.all(stories.map((story) => tell(story, setting, way!, mode, verdicts)));
  expect(lasting(verdicts)).toEqual(lasting(readTable().get(rowOf(way!.name, mode.name))));
});
