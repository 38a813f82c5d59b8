/** The release that the operator's tests act on. */
import type { Release } from '../../../operator/model/release.ts';

export const release: Release = {
  namespace: 'monitoring',
  name: 'kure',
  bootstrapSecret: 'boot',
  encryptionSecret: 'crypt',
  keyringSecret: 'ring',
  rotationConfigMap: 'kure-rotation',
  external: false,
  own: true,
  entries: { 'service-token': 'token', 'session-secret': 'session', 'encryption-key': 'encryption-key' },
};
