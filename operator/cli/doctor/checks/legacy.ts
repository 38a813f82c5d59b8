/** What is left of Kure Monitor 2.2: an API key that has no effect any more, and images that know no service token. */
import { upgrade, type Check, type Finding } from '../finding.ts';
import type { Facts, WorkloadTemplate } from '../facts.ts';

const oldImage = /kure[^@]*:v?(0|1|2\.[0-2])(\.|-|$)/;

export const legacy: Check = (facts) => [
  ...facts.workloads.filter(({ variables }) => variables.includes('AUTH_API_KEY')).map((one) => leftVariable(one, facts)),
  ...(facts.helm?.set.filter((name) => name === 'auth.apiKey') ?? []).map((name) => leftValue(name, facts)),
  ...facts.workloads.flatMap((one) => one.images.filter(isOld).map((image) => oldVersion(one, image, facts))),
];

/** The reference programs of this project have versions of their own. */
const isOld = (image: string): boolean => oldImage.test(image) && !image.includes('kure-bootstrap/');

const leftVariable = ({ id }: WorkloadTemplate, { release }: Facts): Finding => ({
  what: `${id} sets AUTH_API_KEY, which has no effect since 2.3: people sign in, services use the service token`,
  mend: [`kubectl set env ${id} AUTH_API_KEY- -n ${release.namespace}`],
});

const leftValue = (name: string, { release }: Facts): Finding => ({
  what: `the chart value ${name} is set, which has no effect since 2.3`,
  mend: [upgrade(release, `--set ${name}=null`)],
});

const oldVersion = ({ id }: WorkloadTemplate, image: string, { release }: Facts): Finding => ({
  what: `${id} runs ${image}, from before 2.3: it does not know the service token`,
  mend: [`${upgrade(release)}, without the values that name this image`],
});
