/** A name in Kubernetes: ASCII, and short enough for what PostgreSQL indexes (a row of an index has at most 2.7 KB). */
import { Type } from 'typebox';

export const ObjectName = Type.String({ minLength: 1, maxLength: 253, pattern: '^[ -~]*$' });
