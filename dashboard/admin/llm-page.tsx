import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Static } from 'typebox';
import type { llmProviders, LlmStatus, LlmTrial, NewLlmConfig } from '../../shared/contract/administration.ts';
import { keys } from '../api/keys.ts';
import { RequestProblem } from '../api/problem.ts';
import { get, request } from '../api/request.ts';
import { Button } from '../design/button.tsx';
import { Confirm } from '../design/confirm.tsx';
import { SelectField, TextField } from '../design/field.tsx';
import { Form, formText } from '../design/form.tsx';
import { Buttons, Card, Page } from '../design/page.tsx';
import { Failed, Note, Skeleton } from '../design/states.tsx';

const names: Readonly<Record<(typeof llmProviders)[number], string>> = {
  openai: 'OpenAI',
  anthropic: 'Anthropic',
  groq: 'Groq',
  gemini: 'Gemini',
  ollama: 'Ollama',
  copilot: 'GitHub Copilot',
};

const heading = { isNarrow: true, title: 'LLM', lead: 'The language model that explains why pods fail.' };

/** It runs in the cluster. */
const withoutKey = 'ollama';

const keyAgain = 'To change anything, enter it again: the stored one can be used and not read.';

const states: Readonly<Record<Static<typeof LlmStatus>['state'], string>> = {
  'not-configured': 'No language model is set up. Solutions come from rules.',
  ready: 'The language model is set up. Its API key is stored encrypted and is never shown.',
  'needs-reentry': 'The stored API key cannot be decrypted. Enter it again.',
};

const tones = { 'not-configured': 'calm', ready: 'good', 'needs-reentry': 'medium' } as const;

type Config = Static<typeof NewLlmConfig>;

function configIn(form: HTMLFormElement): Config {
  const text = (name: string): string => formText(form, name).trim();
  return { provider: text('provider'), api_key: text('api_key'), model: text('model') || null, base_url: text('base_url') || null };
}

export default function LlmPage() {
  const client = useQueryClient();
  const { data, error, refetch } = useQuery({ queryKey: keys.llm, queryFn: () => get<Static<typeof LlmStatus>>('/api/admin/llm/status') });
  const [chosen, setChosen] = useState<string>();
  const [isDeleting, setDeleting] = useState(false);
  const reread = async (): Promise<void> => {
    await client.invalidateQueries({ queryKey: keys.allLlm });
    setChosen(undefined);
  };
  const save = useMutation({ mutationFn: (config: Config) => request('POST', '/api/admin/llm/config', config), onSuccess: reread });
  const trial = useMutation({
    mutationFn: async (config: Config) => {
      const { success, message } = await request<Static<typeof LlmTrial>>('POST', '/api/admin/llm/test', config);
      if (!success) throw new RequestProblem(200, `${message}.`);
    },
  });
  const ask = (form: HTMLFormElement): void => {
    // A stored key is used where none is entered.
    if (!data?.configured && !form.reportValidity()) return;
    save.reset();
    trial.mutate(configIn(form));
  };
  const provider = chosen ?? data?.provider ?? 'openai';
  // Another provider has other models, at another address.
  const stored = data?.provider === provider ? data : undefined;
  if (!data) return <Page {...heading}>{error ? <Failed error={error} onRetry={() => void refetch()} /> : <Skeleton />}</Page>;
  return (
    <Page {...heading}>
      <Note tone={tones[data.state]}>{states[data.state]}</Note>
      <Card>
        <Form
          key={JSON.stringify(data)}
          onSend={(form) => {
            trial.reset();
            save.mutate(configIn(form), { onSuccess: () => form.reset() });
          }}
        >
          <SelectField label="Provider" name="provider" value={provider} onChange={(event) => setChosen(event.target.value)}>
            {Object.entries(names).map(([id, name]) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </SelectField>
          {provider !== withoutKey && (
            <TextField label="API key" name="api_key" type="password" autoComplete="off" required hint={data.configured ? keyAgain : undefined} />
          )}
          <TextField key={`model of ${provider}`} label="Model" name="model" defaultValue={stored?.model ?? ''} hint="Empty: the default of the provider" />
          <TextField
            key={`base URL of ${provider}`}
            label="Base URL"
            name="base_url"
            type="url"
            defaultValue={stored?.base_url ?? ''}
            hint="Empty: the provider's own. With OpenAI, any server with the same API will do"
          />
          {save.isError && <Failed error={save.error} />}
          {trial.isError && <Failed error={trial.error} />}
          <div role="status">
            {save.isSuccess && <Note tone="good">Saved.</Note>}
            {trial.isSuccess && <Note tone="good">It answers.</Note>}
          </div>
          <Buttons>
            <Button kind="primary" type="submit" isBusy={save.isPending}>
              Save
            </Button>
            <Button isBusy={trial.isPending} onClick={({ currentTarget: { form } }) => form && ask(form)}>
              Test
            </Button>
            {data.configured && (
              <Button kind="warn" onClick={() => setDeleting(true)}>
                Delete
              </Button>
            )}
          </Buttons>
        </Form>
      </Card>
      {isDeleting && (
        <Confirm
          title="Delete the language model?"
          action="Delete"
          onClose={() => setDeleting(false)}
          onConfirm={async () => {
            await request('DELETE', '/api/admin/llm/config');
            save.reset();
            trial.reset();
            await reread();
          }}
        >
          Its stored API key is lost, and solutions come from rules alone.
        </Confirm>
      )}
    </Page>
  );
}
