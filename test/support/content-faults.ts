import { answerOf, notFound, type MirrorContent, type WholeAnswer } from './mirror-content.ts';
import type { ContentFault, CorruptPlace } from './mirror-fault.ts';

const TEXT = 'text/plain; charset=utf-8';
const PORTAL =
  '<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body>Accept the terms to go online.</body></html>\n';

/** What a mirror with this fault answers where `right` is the right answer for `path`. */
export function spoil(
  right: WholeAnswer,
  fault: ContentFault,
  path: string,
  content: MirrorContent,
): WholeAnswer {
  switch (fault.kind) {
    case 'status':
      return statusAnswer(fault.status, fault.words, fault.retryAfter);
    case 'hard-404':
      return notFound(path);
    case 'soft-404':
      return answerOf(fault.status ?? 404, TEXT, Buffer.from('not found: fetch timed out\n'));
    case 'html':
      return answerOf(200, 'text/html; charset=utf-8', Buffer.from(PORTAL));
    case 'empty':
      return withBody(right, Buffer.alloc(0));
    case 'corrupt':
      return withBody(right, flipBit(right.body, fault.at));
    case 'other-zip':
      return content.otherZip(path);
    case 'other-version':
      return withBody(right, otherVersion(right.body, fault.version ?? 'v9.9.9'));
    case 'stale-list':
      return withBody(right, dropLines(right.body, fault.drop ?? 1));
    case 'content-type':
      return { ...right, headers: { ...right.headers, 'content-type': fault.type } };
    case 'redirect':
      return redirect(fault.status ?? 302, fault.location.replaceAll('{path}', path));
  }
}

function statusAnswer(
  status: number,
  words: string | undefined,
  retryAfter: string | undefined,
): WholeAnswer {
  const answer = answerOf(status, TEXT, Buffer.from(`${words ?? `status ${status} as told`}\n`));
  return retryAfter === undefined ? answer : withHeader(answer, 'retry-after', retryAfter);
}

function redirect(status: number, location: string): WholeAnswer {
  return withHeader(answerOf(status, TEXT, Buffer.alloc(0)), 'location', location);
}

/** Another body with status 200; the validator stays that of the right one, as a broken cache would leave it. */
function withBody(right: WholeAnswer, body: Buffer): WholeAnswer {
  return { status: 200, headers: { ...right.headers, 'content-length': String(body.length) }, body };
}

function withHeader(answer: WholeAnswer, name: string, value: string): WholeAnswer {
  return { ...answer, headers: { ...answer.headers, [name]: value } };
}

function flipBit(body: Buffer, at: CorruptPlace): Buffer {
  const spoilt = Buffer.from(body);
  const index = placeOf(body.length, at);
  const byte = spoilt[index];
  if (byte !== undefined) spoilt[index] = byte ^ 0x01;
  return spoilt;
}

function placeOf(length: number, at: CorruptPlace): number {
  if (at === 'first') return 0;
  if (at === 'last') return length - 1;
  return at === 'middle' ? Math.floor(length / 2) : Math.max(0, length - 32 * 1024);
}

function otherVersion(info: Buffer, version: string): Buffer {
  return Buffer.from(info.toString().replace(/"Version":"[^"]*"/, `"Version":${JSON.stringify(version)}`));
}

function dropLines(list: Buffer, count: number): Buffer {
  const lines = list.toString().split('\n').filter(Boolean);
  const kept = lines.slice(0, Math.max(0, lines.length - count));
  return Buffer.from(kept.map((line) => `${line}\n`).join(''));
}
