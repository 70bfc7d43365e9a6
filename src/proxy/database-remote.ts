import { messageOf, RondoError } from '../errors/rondo-error.ts';
import type { VisitReport } from '../events/events.ts';
import type { SumdbFile } from '../gomod/module-file.ts';
import { matchPrefixPatterns } from '../gomod/path-patterns.ts';
import { remotePath } from '../gomod/remote-path.ts';
import { sleep } from '../kit/clock.ts';
import { BodyError } from '../mirrors/answer.ts';
import type { DatabaseItself } from '../mirrors/database-itself.ts';
import { describeTried } from '../mirrors/tried.ts';
import type { DatabaseOps, RemoteAnswer } from '../verify/database-ops.ts';
import type { ProxyContext } from './context.ts';
import { isNotFound } from './not-found-memory.ts';
import { MAX_BYTES, type ProxySettings } from './settings.ts';
import { whoSupports } from './database-support.ts';
import { say } from '../words/text.ts';

/** What reading a database remotely needs. */
export type RemoteContext = Pick<
  ProxyContext,
  'store' | 'mirrors' | 'flights' | 'clock' | 'emit' | 'signal'
> & {
  /** The database without a mirror between; absent where there is no way to it. */
  readonly itself?: DatabaseItself | undefined;
  readonly settings: () => ProxySettings;
};

type How = Parameters<DatabaseOps['readRemote']>[1];

/** Mirrors that are silent for so long have the database itself asked beside them. */
const SILENCE_MS = 1000;
/** The most bodies of one file; in practice gates and budget end it long before. */
const MAX_BODIES = 12;

/**
 * DatabaseOps.readRemote: the mirrors' `/sumdb/` first, the database itself where they are silent or have
 * nothing; whoever answers. A lookup of a private path never leaves the mirrors that are named for it.
 */
export function createDatabaseRemote(context: RemoteContext): DatabaseOps['readRemote'] {
  return async (file, how) => {
    const startMs = context.clock.now();
    const answer = await race(file, how, context);
    // That there is no such thing is no failed transfer.
    if (answer.kind === 'absent') return answer;
    context.emit({
      type: 'flight',
      key: remotePath(file).slice(1),
      kind: file.kind,
      ok: answer.kind === 'found',
      resumed: 0,
      upstreamBytes: answer.kind === 'found' ? answer.bytes.length : 0,
      durationMs: context.clock.now() - startMs,
      ...(answer.kind === 'found' ? { mirror: answer.source } : {}),
      ...(answer.kind === 'failed' ? { error: answer.error.message } : {}),
    });
    return answer;
  };
}

async function race(file: SumdbFile, how: How, context: RemoteContext): Promise<RemoteAnswer> {
  const over = new AbortController();
  const signal = AbortSignal.any([context.signal, over.signal]);
  try {
    const itself = whomToAskDirectly(file, how, context);
    const patient = how.patient === true && itself === undefined;
    const asking = askMirrors(file, { ...how, patient }, signal, context);
    if (itself === undefined) return withoutDatabase(file, how, await asking, context);
    const silence = sleep(context.clock, SILENCE_MS, signal).catch(() => undefined);
    const first = await Promise.race([asking, silence]);
    if (first?.kind === 'found') return first;
    const direct = askItself(file, how, itself, signal);
    const found = await firstFound([asking, direct]);
    if (found !== undefined) return found;
    const [mirrors, database] = await Promise.all([asking, direct]);
    // What the database says of itself counts; where it cannot be reached, what mirrors say that serve it.
    return database.kind === 'absent' ? database : withoutDatabase(file, how, mirrors, context);
  } finally {
    over.abort(new Error('not needed any more'));
  }
}

function whomToAskDirectly(
  file: SumdbFile,
  { avoid }: How,
  { itself, settings }: RemoteContext,
): DatabaseItself | undefined {
  const { direct, privatePatterns } = settings();
  if (!direct || itself === undefined || avoid.has(itself.name)) return undefined;
  const isPrivate = 'module' in file && matchPrefixPatterns(privatePatterns, file.module);
  return isPrivate ? undefined : itself;
}

async function firstFound(answers: readonly Promise<RemoteAnswer>[]): Promise<RemoteAnswer | undefined> {
  const found = answers.map(async (answer) => {
    const given = await answer;
    if (given.kind !== 'found') throw new Error(given.kind);
    return given;
  });
  return Promise.any(found).catch(() => undefined);
}

/**
 * A mirror that does not serve the database also says 404: only where some mirror has said that it serves it
 * can a record be absent.
 */
async function withoutDatabase(
  file: SumdbFile,
  { via }: How,
  mirrors: RemoteAnswer,
  context: RemoteContext,
): Promise<RemoteAnswer> {
  if (mirrors.kind !== 'absent' || file.kind !== 'sumdb-lookup') return mirrors;
  const supported = { kind: 'sumdb-supported', db: file.db } as const;
  const request = { headOnly: false, fetchAllowed: true, via };
  const settings = context.settings();
  if ((await whoSupports(supported, request, { ...context, settings })) !== undefined) return mirrors;
  return {
    kind: 'failed',
    error: new RondoError(
      'E_NOT_FOUND',
      say('{db} is not served by any mirror that answers', { db: file.db }),
    ),
  };
}

async function askItself(
  file: SumdbFile,
  { flawOf }: How,
  itself: DatabaseItself,
  signal: AbortSignal,
): Promise<RemoteAnswer> {
  const path = remotePath(file).slice(`/sumdb/${file.db}`.length);
  const answer = await itself.ask(path, MAX_BYTES[file.kind], signal);
  if (answer.kind === 'absent') return answer;
  if (answer.kind === 'failed') return failed(`${itself.name}: ${answer.why}`);
  const flaw = flawOf(answer.bytes);
  const tried = `${itself.name}: 200`;
  if (flaw === undefined) return { kind: 'found', source: itself.name, bytes: answer.bytes, tried };
  itself.distrust(flaw);
  return failed(`${itself.name}: ${flaw}`);
}

async function askMirrors(
  file: SumdbFile,
  { avoid, via, flawOf, patient = false }: How,
  signal: AbortSignal,
  { mirrors, clock, settings }: RemoteContext,
): Promise<RemoteAnswer> {
  const failures = new Map<string, VisitReport>();
  const startMs = clock.now();
  const deadlineAtMs = startMs + settings().deadlineMs;
  const maxBodyBytes = MAX_BYTES[file.kind];
  const question = { file, method: 'GET', maxBodyBytes, except: avoid, patient } as const;
  const incoming = via === undefined ? {} : { via };
  for (let bodies = 0; bodies < MAX_BODIES; bodies += 1) {
    try {
      const found = await mirrors.ask({ ...question, ...incoming, avoid: failures, deadlineAtMs }, signal);
      const received = await receive(found, signal);
      const flaw = received.kind === 'whole' ? flawOf(received.bytes) : undefined;
      if (received.kind === 'whole' && flaw === undefined) {
        found.settle({ kind: 'complete', bytes: received.bytes.length });
        const tried = describeTried(found.tried);
        const told = tried === undefined ? {} : { tried };
        return { kind: 'found', source: found.mirror, bytes: received.bytes, ...told };
      }
      const outcome =
        received.kind === 'broken'
          ? received.outcome
          : ({ class: 'http', cause: 'bad-content', detail: flaw ?? '' } as const);
      found.settle({ kind: 'broken', outcome, bytes: received.kind === 'whole' ? received.bytes.length : 0 });
      failures.set(found.mirror, { mirror: found.mirror, outcome, durationMs: clock.now() - startMs });
    } catch (error) {
      if (isNotFound(error)) return { kind: 'absent', words: error.message };
      return { kind: 'failed', error: error instanceof Error ? error : new Error(messageOf(error)) };
    }
  }
  const [last] = [...failures.values()].slice(-1);
  return failed(last === undefined ? 'nobody answered' : `${last.mirror}: ${last.outcome.detail}`);
}

type Received =
  | { readonly kind: 'whole'; readonly bytes: Buffer }
  | { readonly kind: 'broken'; readonly outcome: BodyError['outcome'] };

async function receive(
  found: { readonly body: AsyncIterable<Buffer>; cancel(): void },
  signal: AbortSignal,
): Promise<Received> {
  const cancel = (): void => found.cancel();
  signal.addEventListener('abort', cancel, { once: true });
  try {
    const chunks: Buffer[] = [];
    for await (const chunk of found.body) chunks.push(chunk);
    return { kind: 'whole', bytes: Buffer.concat(chunks) };
  } catch (error) {
    if (!(error instanceof BodyError)) throw error;
    return { kind: 'broken', outcome: error.outcome };
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}

function failed(why: string): RemoteAnswer {
  return { kind: 'failed', error: new RondoError('E_NO_MIRROR', why) };
}
