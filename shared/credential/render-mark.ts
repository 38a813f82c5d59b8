/** The mark of a bootstrap Secret whose values a renderer made up, because it could not see the ones in the cluster. */
import { hash } from 'node:crypto';

export const renderMarkAnnotation = 'bootstrap.kure.io/rendered';

const generated = /^[A-Za-z0-9]{48}$/;

export interface MarkedValues {
  /** Name of the release. */
  readonly release: string;
  readonly serviceToken: string;
  readonly sessionSecret: string;
}

/** The mark is on exactly these values, and they look like generated ones: an edited value never carries it. */
export function isBlindRender(mark: string | undefined, { release, serviceToken, sessionSecret }: MarkedValues): boolean {
  if (!generated.test(serviceToken) || !generated.test(sessionSecret)) return false;
  return mark === hash('sha256', `${release}\n${serviceToken}\n${sessionSecret}`, 'hex');
}
