/** What a language model says, asked by people: why a pod fails, and how a finding could be mended. */
import { Type } from 'typebox';
import { RetriedSolution, Troubleshooting } from '../../shared/contract/pods.ts';
import { FindingFix } from '../../shared/contract/security.ts';
import type { Explainer } from '../domain/explainer.ts';
import { proposeFix } from '../domain/finding-fix.ts';
import type { LlmSettings } from '../domain/llm-settings.ts';
import type { LanguageModel } from '../llm/language-model.ts';
import { NoAnswer, NoModel } from '../llm/no-answer.ts';
import type { FindingStore } from '../store/store.ts';
import { Flag, isYes } from './flag.ts';
import { HttpProblem } from './problems.ts';
import { RowId } from './row-id.ts';
import type { Scope } from './scope.ts';

export interface ExplanationRoutesDeps {
  readonly explainer: Explainer;
  readonly findings: FindingStore;
  readonly llm: LlmSettings;
  readonly model: LanguageModel;
}

export function explanationRoutes(scope: Scope, { explainer, findings, llm, model }: ExplanationRoutesDeps): void {
  const retried = { schema: { params: RowId, response: { 200: RetriedSolution } } };
  scope.post('/api/pods/failed/:id/retry-solution', retried, async ({ params }) => {
    const id = Number(params.id);
    try {
      return { ...(await explainer.explain(id)), solution_error: null };
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      const failure = await explainer.find(id);
      return { ...failure, solution: `${error.message}.\n\n${failure.solution}`, solution_error: error.message };
    }
  });

  const Regenerate = Type.Object({ regenerate: Type.Optional(Flag) });
  const troubleshot = { schema: { params: RowId, querystring: Regenerate, response: { 200: Troubleshooting } } };
  scope.post('/api/pods/failed/:id/troubleshoot', troubleshot, async ({ params, query }) => {
    try {
      return await explainer.troubleshoot(Number(params.id), isYes(query.regenerate));
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      throw new HttpProblem(error instanceof NoModel ? 409 : 502, error.message);
    }
  });

  const fixed = { schema: { params: RowId, response: { 200: FindingFix } } };
  scope.post('/api/security/findings/:id/fix', fixed, async ({ params }) => {
    const finding = await findings.find(Number(params.id));
    if (!finding) throw new HttpProblem(404, 'Security finding not found');
    return proposeFix(finding, { settings: llm, model });
  });
}
