/** Reports the failing pods of the cluster to the backend. */
import { runPresenter } from '../shared/delivery/presenter.ts';
import { Agent } from './agent.ts';
import { readConfig } from './config.ts';

runPresenter({
  name: 'agent',
  readConfig,
  make: (surroundings) => new Agent(surroundings),
  gauge: { name: 'kure_agent_failing_pods', help: 'Pods this agent has reported as failing', count: ({ toldCount }) => toldCount },
});
