/** Where fake backends answer; any that nobody else uses. */
export const attestationPort = 18_471;
