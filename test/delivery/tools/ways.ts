/** All ways of the matrix. */
import { argoCd } from './argo.ts';
import { flux } from './flux.ts';
import { helm3Always, helm4ByItself, helm4ClientSide, helm4OverOthers } from './helm.ts';
import { kubectlApply, kubectlApplyServerSide, kubectlReplace } from './kubectl.ts';
import type { Open, Way } from './tool.ts';

const way = (name: string, open: Open, inTurnWith: Open): Way => ({ name, open, inTurnWith });

export const ways: readonly Way[] = [
  way('Helm 4, server-side', helm4ByItself, helm3Always),
  way('Helm 4, client-side', helm4ClientSide, helm3Always),
  way('Helm 3', helm3Always, helm4ByItself),
  way('kubectl apply', kubectlApply, helm4OverOthers),
  way('kubectl apply --server-side', kubectlApplyServerSide, helm4OverOthers),
  way('kubectl replace', kubectlReplace, helm4OverOthers),
  way('Argo CD', argoCd, helm4OverOthers),
  way('Flux', flux, helm4OverOthers),
];
