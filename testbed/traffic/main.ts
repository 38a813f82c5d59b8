/** A presenter that measures: sends reports at a steady rate, without any retry, and counts what became of each. */
import { createLogger } from '../../shared/log.ts';
import { readConfig } from './config.ts';
import { Traffic } from './traffic.ts';

const stopAsked = new Promise((resolve) => {
  for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => resolve(signal));
});

async function run(): Promise<void> {
  const log = createLogger('traffic');
  const config = readConfig(process.env);
  const traffic = new Traffic(config);
  const port = await traffic.start();
  log.info({ backend: config.backendUrl.origin, rate: config.rate, port }, 'traffic runs');
  await stopAsked;
  log.info({ counts: await traffic.stop() }, 'traffic stopped');
}

run().then(
  () => process.exit(0),
  (error: unknown) => {
    createLogger('traffic').fatal({ err: error }, 'traffic cannot run');
    process.exit(1);
  },
);
