/** A moment in milliseconds since the epoch, as answers and rows write it: RFC 3339, UTC. */
export const instant = (at: number): string => new Date(at).toISOString();
