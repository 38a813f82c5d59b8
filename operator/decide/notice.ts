/** Notices for the actions of a plan: what goes as it should, and what a person should look at. */
import type { Notice } from '../model/action.ts';

export const normal = (reason: Notice['reason'], message: string): Notice => ({ type: 'Normal', reason, message });
export const warning = (reason: Notice['reason'], message: string): Notice => ({ type: 'Warning', reason, message });
