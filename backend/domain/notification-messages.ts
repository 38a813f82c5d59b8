/** What a channel is told, in its own form: Slack's attachments, Teams' Adaptive Cards, plain JSON for everything else. */
import type { notificationProviders } from '../../shared/contract/administration.ts';
import { redactText } from '../llm/redaction.ts';

export type Provider = (typeof notificationProviders)[number];

export interface Notice {
  readonly event: 'pod_failure' | 'pod_recovered' | 'test';
  readonly title: string;
  /** In the order in which they are shown. */
  readonly facts: Readonly<Record<string, string>>;
  readonly message?: string;
}

/** Channels cut longer texts by themselves, each elsewhere. */
const longestMessage = 500;

export interface FailedPod {
  readonly namespace: string;
  readonly pod_name: string;
  readonly node_name: string | null;
  readonly failure_reason: string;
  readonly failure_message: string | null;
}

/** A container's last words may be in the message, and it leaves the cluster. */
export function failureNotice({ namespace, pod_name, node_name, failure_reason, failure_message }: FailedPod): Notice {
  return {
    event: 'pod_failure',
    title: `Pod failing: ${namespace}/${pod_name}`,
    facts: { Namespace: namespace, Pod: pod_name, Reason: failure_reason, Node: node_name ?? 'unknown' },
    ...(failure_message && { message: redactText(failure_message).slice(0, longestMessage) }),
  };
}

export const recoveryNotice = ({ namespace, pod_name }: Pick<FailedPod, 'namespace' | 'pod_name'>): Notice => ({
  event: 'pod_recovered',
  title: `Pod recovered or deleted: ${namespace}/${pod_name}`,
  facts: { Namespace: namespace, Pod: pod_name },
});

export const testNotice: Notice = { event: 'test', title: 'Test message of Kure Monitor', facts: {}, message: 'Messages about failing pods will come here.' };

export function messageFor(provider: Provider, notice: Notice): object {
  if (provider === 'slack') return slackMessage(notice);
  return provider === 'teams' ? teamsMessage(notice) : { source: 'kure-monitor', ...notice };
}

function slackMessage({ event, title, facts, message }: Notice): object {
  const fields = Object.entries(facts).map(([name, value]) => ({ title: name, value: slackText(value), short: true }));
  const color = event === 'pod_failure' ? 'danger' : 'good';
  return { attachments: [{ color, title: slackText(title), fields, ...(message && { text: slackText(message) }), footer: 'Kure Monitor' }] };
}

/** The three characters that Slack reads as markup: a pod's message must not mention a channel. */
const slackText = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

function teamsMessage({ event, title, facts, message }: Notice): object {
  const body = [
    teamsLine(title, { size: 'Large', weight: 'Bolder', color: event === 'pod_failure' ? 'Attention' : 'Good' }),
    ...Object.entries(facts).map(([name, value]) => teamsLine(`${name}: ${value}`)),
    ...(message ? [teamsLine(message)] : []),
  ];
  const content = { $schema: 'http://adaptivecards.io/schemas/adaptive-card.json', type: 'AdaptiveCard', version: '1.4', body };
  return { type: 'message', attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content }] };
}

/** Rich text, because a card reads the text of a plain block as Markdown. */
const teamsLine = (text: string, style: object = {}): object => ({ type: 'RichTextBlock', inlines: [{ type: 'TextRun', text, ...style }] });
