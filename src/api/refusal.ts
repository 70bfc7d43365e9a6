import { STATUS_CODES } from 'node:http';
import type * as z from 'zod';
import { RondoError } from '../errors/rondo-error.ts';
import type { Exchange } from '../http/exchange.ts';
import { problemOf, problemText, PROBLEM_CONTENT_TYPE } from '../http/problem.ts';
import { sendWhole } from '../http/send-whole.ts';
import { statusOf } from '../http/status.ts';
import type { ProblemAnswer } from './answers.ts';

/** What the API says instead of an answer. */
export class ApiRefusal extends Error {
  readonly status: number;
  readonly hint: string | undefined;

  constructor(status: number, message: string, hint?: string) {
    super(message);
    this.name = 'ApiRefusal';
    this.status = status;
    this.hint = hint;
  }
}

/** A value that came from a client as `schema` has it. Throws ApiRefusal 400 that names what is wrong. */
export function parsed<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const place = issue?.path.map(String).join('.') ?? '';
  const words = issue?.message ?? 'it is not as the API has it';
  throw new ApiRefusal(
    400,
    place === '' ? words : `${place}: ${words}`,
    'GET /-/api/openapi.json says it all',
  );
}

/** Answers with whatever was thrown, as JSON, or as a line of text for who would rather have that. */
export function sendRefusal(exchange: Exchange, thrown: unknown, headers: string[] = []): void {
  if (exchange.closed || exchange.response.headersSent) return;
  const problem = problemAnswer(exchange.id, thrown);
  exchange.error ??= problem.message;
  if (thrown instanceof RondoError) exchange.code = thrown.code;
  const { status } = problem;
  const wantsText = /^\s*text\/plain/i.test(exchange.request.headers.accept ?? '');
  const type = wantsText ? PROBLEM_CONTENT_TYPE : 'application/problem+json';
  const body = wantsText
    ? problemText(status, { ...problem, details: problem.details ?? [] })
    : `${JSON.stringify(problem, undefined, 2)}\n`;
  if (status === 401) headers.push('WWW-Authenticate', 'Bearer realm="rondo"');
  if (status === 503) headers.push('Retry-After', '1');
  sendWhole(exchange, status, [...headers, 'Content-Type', type, 'Cache-Control', 'no-store'], body);
}

/** What a client is told; of a mistake of Rondo's own only where to look it up. */
function problemAnswer(id: string, thrown: unknown): ProblemAnswer {
  if (thrown instanceof ApiRefusal) return answer(thrown.status, thrown.message, { hint: thrown.hint });
  if (thrown instanceof RondoError) {
    const { message, details, hint } = problemOf(thrown);
    return answer(statusOf(thrown, 'other', false), message, { code: thrown.code, details, hint });
  }
  const status = statusOfFastify(thrown);
  if (status !== undefined) return answer(status, thrown instanceof Error ? thrown.message : String(thrown));
  const hint = `look for request ${id} in Rondo's log and report it`;
  return answer(500, 'an error inside Rondo', { code: 'E_BUG', hint });
}

function answer(
  status: number,
  message: string,
  more: Pick<ProblemAnswer, 'code' | 'details' | 'hint'> = {},
): ProblemAnswer {
  return { title: STATUS_CODES[status] ?? 'Error', status, message, ...more };
}

/** Of a body that is too large, no JSON or of another type. */
function statusOfFastify(thrown: unknown): number | undefined {
  const status = thrown instanceof Error && 'statusCode' in thrown ? Number(thrown.statusCode) : 0;
  return status >= 400 && status < 500 ? status : undefined;
}
