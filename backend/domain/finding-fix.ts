/** A manifest in which a finding is gone, as a language model proposes it. Nothing is stored, and nothing in the cluster is changed. */
import type { Finding, FindingFix } from '../../shared/contract/security.ts';
import { diffOf, proposalIn } from '../llm/fixed-manifest.ts';
import type { LanguageModel } from '../llm/language-model.ts';
import { manifestToSend } from '../llm/manifest.ts';
import { NoAnswer } from '../llm/no-answer.ts';
import { questionAboutFinding } from '../llm/questions.ts';
import type { LlmSettings } from './llm-settings.ts';

export interface FindingFixDeps {
  readonly settings: LlmSettings;
  readonly model: LanguageModel;
}

/** Longer ones are answered with parts left out. */
const longestManifest = 32_768;

/** The scanner's own advice, with the reason, where the model has no proposal. Throws Declined. */
export async function proposeFix(finding: Finding, { settings, model }: FindingFixDeps): Promise<FindingFix> {
  const original = manifestToSend(finding.manifest);
  const common = { finding_id: finding.id, original_manifest: original };
  try {
    if (original === '' || original.length > longestManifest) throw new NoAnswer('There is no manifest that a language model could change');
    const { text, by } = await model.ask(await settings.target(), questionAboutFinding(finding, original));
    const proposal = proposalIn(text, original);
    if (!proposal) throw new NoAnswer(`${by} answered without a manifest of this ${finding.resource_type}`);
    const { manifest, explanation } = proposal;
    const diff = diffOf(original, manifest);
    return { ...common, fixed_manifest: manifest, diff, explanation: explanation || finding.remediation, is_fallback: false, reason: null };
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
    return { ...common, fixed_manifest: '', diff: [], explanation: finding.remediation, is_fallback: true, reason: error.message };
  }
}
