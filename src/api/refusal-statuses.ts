/** What stands for a refusal in the description: why it comes, and what comes with it. */
export type Refused = {
  readonly why: string;
  readonly header?: 'Retry-After' | 'WWW-Authenticate';
  /** It comes from before the API, where all words are for go. */
  readonly textOnly?: true;
};

/** A status other than 200 that a call may have. */
export type RefusalStatus = 400 | 401 | 403 | 404 | 413 | 414 | 415 | 421 | 422 | 429 | 500 | 503;

/** Why it comes. */
export const REFUSALS: Readonly<Record<RefusalStatus, Refused>> = {
  400: { why: 'The query or the body is not as it is described' },
  401: { why: 'There is a token, and this is not asked with it', header: 'WWW-Authenticate' },
  403: { why: 'A web page of another origin asks, or somebody elsewhere and there is no token' },
  404: { why: 'There is nothing of that name, or this Rondo does not do that' },
  413: { why: 'The body is too long' },
  414: { why: 'The URL is longer than [limits] url allows', textOnly: true },
  415: { why: 'The body is said to be something else than JSON' },
  421: { why: 'Asked by a name that anybody could own, and there is no token' },
  422: { why: 'The configuration is wrong; the one in use stays' },
  429: {
    why: 'Somebody who may not use the API asks for too much, where [limits] has status = 429',
    header: 'Retry-After',
    textOnly: true,
  },
  500: { why: 'An error inside Rondo, or the disk' },
  503: {
    why: 'Rondo is shutting down, too many read the events or ask for the history, or somebody who may not use the API asks for too much',
    header: 'Retry-After',
  },
};

/** Those of whatever is asked. */
export const OF_EVERY_CALL: readonly RefusalStatus[] = [401, 403, 414, 421, 429, 503];

const OF_A_QUERY: readonly RefusalStatus[] = [400];
const OF_AN_ORDER: readonly RefusalStatus[] = [400, 413, 415];

/** Those that a call of the API may be answered with, in order. Pure. */
export function refusalsOf({
  query,
  body,
  refusals = [],
}: {
  readonly query?: unknown;
  readonly body?: unknown;
  readonly refusals?: readonly RefusalStatus[];
}): RefusalStatus[] {
  const all = new Set<RefusalStatus>([
    ...OF_EVERY_CALL,
    500,
    ...(query === undefined ? [] : OF_A_QUERY),
    ...(body === undefined ? [] : OF_AN_ORDER),
    ...refusals,
  ]);
  return [...all].toSorted((one, other) => one - other);
}
