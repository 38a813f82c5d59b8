/** Checks the workloads of the cluster and reports what is unsafe. */
import { runPresenter } from '../shared/delivery/presenter.ts';
import { readConfig } from './config.ts';
import { Scanner } from './scanner.ts';

runPresenter({
  name: 'scanner',
  readConfig,
  make: (surroundings) => new Scanner(surroundings),
  gauge: { name: 'kure_scanner_resources_with_findings', help: 'Resources of which the backend may have findings', count: ({ told }) => told.size },
});
