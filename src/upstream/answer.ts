import type { Outcome } from '../balance/outcome.ts';
import type { Clock } from '../kit/clock.ts';
import type { AttemptAnswer, AttemptRequest, AttemptTiming } from './attempt.ts';
import { classifyStatus } from './classify.ts';
import type { Response } from './exchange.ts';
import { tooLarge } from './incoming-body.ts';
import { judgeRest, judgeUnsatisfiable, type RestVerdict } from './rest-of-file.ts';
import { firstLine } from './sanitise.ts';
import { isHtmlType } from './soft-not-found.ts';
import { strongValidator } from './validator.ts';

/** How much of a body that is no file is read for words and judgement, and how long that may take. */
const START_BYTES = 8 * 1024;
const START_MS = 1000;
/** Longest `words` of an answer, in characters. */
const MAX_WORDS = 300;

/**
 * Turns the last response of an attempt into its answer: a file whose body is still to come, or an outcome. Reads
 * the beginning of the body where the status alone does not say what was meant. Never rejects.
 */
export async function answerFor(
  response: Response,
  request: AttemptRequest,
  timing: AttemptTiming,
  clock: Clock,
): Promise<AttemptAnswer> {
  const { status, headers, body } = response;
  const rest = restOf(response, request);
  if (rest !== undefined && rest.kind !== 'rest') {
    body.discard();
    return misfit(rest, status, timing);
  }
  if (status !== 200 && rest === undefined) return await otherAnswer(response, timing, clock);
  const contentLength = rest?.totalBytes ?? response.contentLength;
  const refusal = unusable(headers, contentLength, request);
  if (refusal !== undefined) {
    body.discard();
    return { kind: 'other', outcome: refusal, timing };
  }
  if (isHtmlType(headers['content-type'] ?? '')) {
    const bodyStart = await body.start(512, START_MS);
    const outcome = classifyStatus({ status, headers, bodyStart, wallMs: clock.wallMs() });
    if (outcome.class !== 'ok') {
      body.discard();
      return { kind: 'other', outcome, timing };
    }
  }
  const validator = strongValidator(headers);
  return {
    kind: 'found',
    status,
    headers,
    body,
    cancel: () => body.discard(),
    timing,
    ...(contentLength === undefined ? {} : { contentLength }),
    ...(rest === undefined || request.rest === undefined ? {} : { startBytes: request.rest.fromBytes }),
    ...(validator === undefined ? {} : { validator }),
  };
}

/** What a 206 or 416 is where a rest was asked for; undefined for anything else. */
function restOf({ status, headers }: Response, { rest }: AttemptRequest): RestVerdict | undefined {
  if (rest === undefined) return undefined;
  if (status === 416) return judgeUnsatisfiable(rest);
  return status === 206 ? judgeRest(headers, rest) : undefined;
}

function misfit(
  { kind, why }: Exclude<RestVerdict, { kind: 'rest' }>,
  status: number,
  timing: AttemptTiming,
): AttemptAnswer {
  if (kind === 'nonsense')
    return { kind: 'other', outcome: { class: 'http', cause: 'protocol', status, detail: why }, timing };
  const outcome: Outcome = { class: 'neutral', cause: 'server-error', status, detail: why };
  return { kind: 'other', outcome, otherFile: true, timing };
}

async function otherAnswer(response: Response, timing: AttemptTiming, clock: Clock): Promise<AttemptAnswer> {
  const { status, headers, body } = response;
  const bodyStart = await body.start(START_BYTES, START_MS);
  body.discard();
  const outcome = classifyStatus({ status, headers, bodyStart, wallMs: clock.wallMs() });
  const words = isPlainText(headers['content-type']) ? firstLine(bodyStart, MAX_WORDS) : '';
  return { kind: 'other', outcome: expected(outcome), timing, ...(words === '' ? {} : { words }) };
}

/** A 206 that nobody asked for is no answer of a GOPROXY. */
function expected(outcome: Outcome): Outcome {
  return outcome.status === 206 ? { ...outcome, class: 'http', cause: 'server-error' } : outcome;
}

/** Why a file cannot be passed on, whatever its bytes are. */
function unusable(
  headers: Response['headers'],
  contentLength: number | undefined,
  request: AttemptRequest,
): Outcome | undefined {
  const encoding = (headers['content-encoding'] ?? '').trim().toLowerCase();
  if (encoding !== '' && encoding !== 'identity') {
    // Bytes are passed on as they are; what was not asked for cannot be trusted to be undone rightly either.
    return {
      class: 'http',
      cause: 'protocol',
      status: 200,
      detail: 'encoded although identity was asked for',
    };
  }
  if (contentLength !== undefined && contentLength > request.maxBodyBytes)
    return tooLarge(request.maxBodyBytes).outcome;
  return undefined;
}

/** As the go command judges whether an error body is printed: no type at all counts as text. */
function isPlainText(contentType: string | undefined): boolean {
  return contentType === undefined || /^\s*text\/plain\s*(?:;|$)/i.test(contentType);
}
