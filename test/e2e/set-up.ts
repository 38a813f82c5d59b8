/** Runs once before all end-to-end tests. */
import { prepareTestBed } from '../../testbed/demo/cluster-tools.ts';

export const setup = prepareTestBed;
