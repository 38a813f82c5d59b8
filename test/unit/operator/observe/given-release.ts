/** A release whose keys are kept under names of their own, so that a test sees when they are not asked for. */
import type { Release } from '../../../../operator/model/release.ts';

export const release: Release = {
  namespace: 'blue',
  name: 'kure',
  bootstrapSecret: 'kure-bootstrap',
  encryptionSecret: 'kure-encryption',
  keyringSecret: 'kure-keyring',
  rotationConfigMap: 'kure-rotation',
  external: false,
  own: true,
  entries: { 'service-token': 'token', 'session-secret': 'session', 'encryption-key': 'fernet' },
};
