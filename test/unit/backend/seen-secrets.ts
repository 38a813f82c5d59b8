/**
 * Every secret that a test file has sent to a program or got from one, so that what the program writes can be searched for
 * all of them. Collected where it passes: `fetch` is watched, and whoever sends bytes by themselves says so.
 */
const secrets = new Set<string>();
/** Shorter ones may be words that a program writes. */
const shortest = 12;

/** What stands where secrets stand in HTTP and in our JSON. */
const places = [
  /kure_session=([^;\s"]+)/g,
  /x-service-token: *([^\r\n]+)/gi,
  /[?&]token=([^&\s]+)/g,
  /"(?:\w*password|token|api_key|webhook_url)": *"((?:[^"\\]|\\.)*)"/g,
];

export function watchFor(text: string): void {
  for (const place of places) for (const [, found = ''] of text.matchAll(place)) addSecret(found);
}

/** As it is, and the parts of a signed cookie. */
export function addSecret(secret: string): void {
  const isShown = secret.endsWith('/...');
  if (isShown) return;
  for (const part of [secret, ...secret.split('.')]) if (part.length >= shortest) secrets.add(part);
}

/** The secrets that stand in it. */
export function secretsIn(output: string): string[] {
  return [...secrets].filter((secret) => output.includes(secret));
}

const fetchUnwatched = globalThis.fetch;

globalThis.fetch = async (input, init) => {
  for (const [name, value] of new Headers(init?.headers)) watchFor(`${name}: ${value}`);
  watchFor(input instanceof Request ? input.url : input.toString());
  if (typeof init?.body === 'string') watchFor(init.body);
  const answer = await fetchUnwatched(input, init);
  for (const cookie of answer.headers.getSetCookie()) watchFor(cookie);
  if (answer.headers.get('content-type')?.startsWith('application/json')) watchFor(await answer.clone().text());
  return answer;
};
