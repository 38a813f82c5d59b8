import { Type } from 'typebox';

/** The id in a path: digits, and no more than a number can hold. */
export const RowId = Type.Object({ id: Type.String({ pattern: '^[0-9]{1,15}$' }) });
