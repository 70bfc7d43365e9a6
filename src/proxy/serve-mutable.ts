import { messageOf, RondoError } from '../errors/rondo-error.ts';
import { parseInfo } from '../gomod/info.ts';
import type { ModuleFile } from '../gomod/module-file.ts';
import { recordName } from '../gomod/store-key.ts';
import { isVersionList } from '../gomod/version-list.ts';
import { inTime, LATE } from '../kit/in-time.ts';
import { readAnswer, writeAnswer, type FoundAnswer } from './answer-record.ts';
import { confirmLatest, confirmList } from './confirm-versions.ts';
import type { ProxyContext } from './context.ts';
import type { FlightPlan, Judgement } from './flight-plan.ts';
import type { FlightReader } from './flight-reader.ts';
import { isNotFound, isOutage } from './not-found-memory.ts';
import type { CacheState, Timings } from './reply.ts';
import type { ClientRequest } from './request.ts';
import { settleList, type SettledList } from './settle-list.ts';
import { LIST_LIMITS } from './settings.ts';

/** A file whose content may change. */
export type MutableFile = Extract<ModuleFile, { kind: 'list' | 'latest' | 'query' }>;

/** An answer with its age. */
export type MutableAnswer = {
  readonly text: string;
  readonly mirror: string;
  readonly cache: CacheState;
  /** How long it stays fresh; 0 for a stale one. */
  readonly freshMs: number;
  /** Where mirrors were asked: what took how long. */
  readonly timings?: Timings;
  /** Which of them, and what each answered. */
  readonly tried?: string;
};

/**
 * The mirrors' answer to a mutable question (integrity.md, "Freshness"): fresh from the copy; else asked
 * again, with a short wait before the stale one is given while the refresh goes on; during an outage what
 * is known, however old (queries: within their limit).
 * @throws RondoError as ask.ts says, where nothing known helps.
 */
export async function askMutable(
  file: MutableFile,
  request: ClientRequest,
  context: ProxyContext,
): Promise<MutableAnswer> {
  const record = await readAnswer(file, context);
  const fresh = record.found && freshAnswer(record.found, context);
  if (fresh !== undefined) return fresh;

  const { reader, joined } = context.flights.join(
    recordName(file),
    () => planMutable(file, record.found !== undefined, request.via, context),
    request.via,
  );
  try {
    if (record.found !== undefined && !(await endsSoon(reader, context))) {
      void followRefresh(file, reader, record.found, context);
      return answerOf(record.found, 'stale', 0);
    }
    const text = (await reader.bytes()).toString('utf8');
    const cache = joined ? 'coalesced' : 'miss';
    return {
      text,
      mirror: reader.mirror ?? '',
      cache,
      freshMs: context.settings.freshTtlMs,
      timings: reader.timings,
      ...(reader.tried === undefined ? {} : { tried: reader.tried }),
    };
  } catch (error) {
    if (isNotFound(error)) return afterNotFound(file, error, record.found, context);
    if (isOutage(error) && record.found !== undefined && mayBeStale(file, record.found.atMs, context)) {
      return { ...answerOf(record.found, 'stale', 0), ...triedOf(error) };
    }
    throw await context.notFound.replay(file, error);
  }
}

/** A known answer as long as it is fresh. */
export function freshAnswer(
  found: FoundAnswer,
  { clock, settings }: Pick<ProxyContext, 'clock' | 'settings'>,
): MutableAnswer | undefined {
  const ageMs = clock.wallMs() - found.atMs;
  // Written in the future: the wall clock was set back, so its age is not known.
  const freshMs = ageMs < 0 ? 0 : settings.freshTtlMs - ageMs;
  return freshMs > 0 ? answerOf(found, 'hit', freshMs) : undefined;
}

/** The last answer however old, for clients that only the copy may serve. */
export async function recallMutable(
  file: MutableFile,
  context: ProxyContext,
): Promise<MutableAnswer | undefined> {
  const { found } = await readAnswer(file, context);
  return found === undefined ? undefined : answerOf(found, context.settings.offline ? 'offline' : 'stale', 0);
}

/** Mirrors must agree for a while that something is gone before its answer is dropped. */
async function afterNotFound(
  file: MutableFile,
  error: RondoError,
  found: FoundAnswer | undefined,
  context: ProxyContext,
): Promise<MutableAnswer> {
  context.notFound.remember(file, error);
  if (found === undefined) throw error;
  // Nobody was there to be asked.
  if (error.saidByPool === undefined) return answerOf(found, 'stale', 0);
  const nowMs = context.clock.wallMs();
  const goneSinceMs = found.goneSinceMs ?? nowMs;
  if (nowMs - goneSinceMs >= context.settings.negativeTtlMs) {
    await writeAnswer(file, {}, context);
    throw error;
  }
  if (found.goneSinceMs === undefined) await writeAnswer(file, { found: { ...found, goneSinceMs } }, context);
  return answerOf(found, 'stale', 0);
}

/** The client has its stale answer; what the refresh finds out counts all the same. */
async function followRefresh(
  file: MutableFile,
  reader: FlightReader,
  found: FoundAnswer,
  context: ProxyContext,
): Promise<void> {
  try {
    await reader.whole();
    await reader.close();
  } catch (error) {
    if (isNotFound(error)) await afterNotFound(file, error, found, context).catch(() => undefined);
  }
}

function planMutable(
  file: MutableFile,
  isKnown: boolean,
  via: string | undefined,
  context: ProxyContext,
): FlightPlan {
  let settled: SettledList | undefined;
  return {
    file,
    key: recordName(file),
    streams: false,
    patient: !isKnown,
    async judge(spool, mirror, { lengthKnown }) {
      const bytes = await spool.read(0, spool.sizeBytes);
      const judgement = judgeMutable(file, bytes, lengthKnown);
      if (judgement.kind !== 'right') return judgement;
      const text = bytes.toString('utf8');
      settled = await settle(file, { text, mirror }, via, context);
      if (settled.text !== text) {
        // Nothing has left yet: this flight does not stream.
        await spool.truncate(0);
        await spool.append(Buffer.from(settled.text));
      }
      return judgement;
    },
    async keep(spool, mirror) {
      const text = (await spool.read(0, spool.sizeBytes)).toString('utf8');
      const found = { mirror, ...settled, text, atMs: context.clock.wallMs() };
      await writeAnswer(file, { found }, context);
    },
  };
}

/** What is to be given for a right answer of one mirror: others may know better. Never rejects. */
async function settle(
  file: MutableFile,
  given: { readonly text: string; readonly mirror: string },
  via: string | undefined,
  context: ProxyContext,
): Promise<SettledList> {
  if (file.kind === 'query') return given;
  if (file.kind === 'latest') return confirmLatest(file, given, via, context);
  const { found } = await readAnswer(file, context);
  const list = await settleList(file, given, found, via, context);
  return confirmList(file, list, found, via, context);
}

/** A list is lines of versions, the others are JSON with a version. Anything else is the mirror's failure. */
function judgeMutable(file: MutableFile, bytes: Buffer, lengthKnown: boolean): Judgement {
  const unusable = (why: string): Judgement => ({ kind: 'unusable', why });
  if (file.kind === 'list') {
    const text = bytes.toString('utf8');
    if (!isVersionList(text, LIST_LIMITS)) {
      return unusable(`the list is not at most ${LIST_LIMITS.maxLines} short lines of versions`);
    }
    // Cut in the middle of a line, v1.2.10 is v1.2.1.
    const mayBeCut = !lengthKnown && text !== '' && !text.endsWith('\n');
    return mayBeCut ? unusable('the list may have been cut short') : { kind: 'right' };
  }
  try {
    parseInfo(bytes);
    return { kind: 'right' };
  } catch (error) {
    return unusable(messageOf(error));
  }
}

/** Whether the refresh ends, well or not, before the client has waited long enough. */
async function endsSoon(
  reader: FlightReader,
  { clock, settings }: Pick<ProxyContext, 'clock' | 'settings'>,
): Promise<boolean> {
  const over = reader.whole().then(
    () => undefined,
    () => undefined,
  );
  return (await inTime(over, settings.refreshWaitMs, clock)) !== LATE;
}

/** What was tried before the stale answer was given. */
function triedOf(error: unknown): Pick<MutableAnswer, 'tried'> {
  return error instanceof RondoError && error.tried !== undefined ? { tried: error.tried } : {};
}

function mayBeStale(file: MutableFile, atMs: number, { clock, settings }: ProxyContext): boolean {
  return file.kind !== 'query' || clock.wallMs() - atMs <= settings.staleMaxQueryMs;
}

function answerOf(found: FoundAnswer, cache: CacheState, freshMs: number): MutableAnswer {
  return { text: found.text, mirror: found.mirror, cache, freshMs: Math.max(0, freshMs) };
}
