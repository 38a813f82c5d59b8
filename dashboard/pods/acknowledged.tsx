import { Badge } from '../design/badge.tsx';

/** Somebody is at it. */
export const Acknowledged = () => <Badge tone="low">acknowledged</Badge>;
