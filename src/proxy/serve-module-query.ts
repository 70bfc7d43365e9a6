import type { ModuleFile } from '../gomod/module-file.ts';
import { isCanonicalVersion } from '../gomod/module-path.ts';
import { parseInfo } from '../gomod/info.ts';
import { publishedLines } from '../gomod/published-list.ts';
import { latestOf, parseVersionList } from '../gomod/version-list.ts';
import { escapePath, unescapeVersion } from '../gomod/escape.ts';
import { recallAnswer, type FoundAnswer } from './answer-record.ts';
import type { ProxyContext } from './context.ts';
import { isNotFound, isOutage } from './not-found-memory.ts';
import type { Reply } from './reply.ts';
import type { ClientRequest } from './request.ts';
import {
  askMutable,
  freshAnswer,
  recallMutable,
  type MutableAnswer,
  type MutableFile,
} from './serve-mutable.ts';
import { notHeld, readVersionFile } from './serve-version-file.ts';
import { CONTENT_TYPES, LIST_LIMITS } from './settings.ts';
import type { TrustedFiles } from './trusted-files.ts';

/**
 * Serves a list, `@latest` or a query: the mirrors' answers, or what the copy can say by itself where only
 * the copy may answer.
 * @throws RondoError as ask.ts says; E_OFFLINE.
 */
export async function serveModuleQuery(
  file: MutableFile,
  request: ClientRequest,
  trusted: TrustedFiles,
  context: ProxyContext,
): Promise<Reply> {
  const local = context.settings.offline || !request.fetchAllowed;
  const answer = local
    ? await answerFromCopy(file, request, trusted, context)
    : await answerFromMirrors(file, request, trusted, context);
  return replyOf(file, answer, bytesOf(file, answer.text));
}

/** The answer from memory, where a fresh one may be given: the way of nearly every list that many ask for. */
export function recallModuleQuery(
  file: MutableFile,
  request: ClientRequest,
  context: ProxyContext,
): Reply | undefined {
  if (context.settings.offline || !request.fetchAllowed) return undefined;
  const found = recallAnswer(file, context);
  const answer = found && freshAnswer(found, context);
  if (found === undefined || answer === undefined) return undefined;
  let bytes = finishedBytes.get(found);
  if (bytes === undefined) {
    bytes = bytesOf(file, found.text);
    finishedBytes.set(found, bytes);
  }
  return replyOf(file, answer, bytes);
}

/** What is sent for an answer in memory: a list is not filtered anew for each client. */
const finishedBytes = new WeakMap<FoundAnswer, Buffer>();

function bytesOf(file: MutableFile, text: string): Buffer {
  return Buffer.from(file.kind === 'list' ? publishedLines(text) : text);
}

function replyOf(
  file: MutableFile,
  { freshMs, cache, mirror, timings, tried }: Omit<MutableAnswer, 'text'>,
  bytes: Buffer,
): Reply {
  return {
    kind: 'bytes',
    bytes,
    contentType: CONTENT_TYPES[file.kind],
    maxAgeS: Math.floor(freshMs / 1000),
    cache,
    ...(mirror === '' ? {} : { mirror }),
    ...(timings === undefined ? {} : { timings }),
    ...(tried === undefined ? {} : { tried }),
  };
}

async function answerFromMirrors(
  file: MutableFile,
  request: ClientRequest,
  trusted: TrustedFiles,
  context: ProxyContext,
): Promise<MutableAnswer> {
  try {
    return await askMutable(file, request, context);
  } catch (error) {
    if (isOutage(error) && file.kind !== 'query')
      return await answerInOutage(file, error, request, trusted, context);
    if (file.kind !== 'latest' || !isNotFound(error)) throw error;
    // Some mirrors have no @latest although their list is full.
    const derived = await latestFromList(file.module, request, trusted, context);
    if (derived === undefined) throw error;
    return derived;
  }
}

/** No mirror answers and nobody has asked this before: the versions that are held are better than nothing. */
async function answerInOutage(
  file: MutableFile,
  outage: unknown,
  request: ClientRequest,
  trusted: TrustedFiles,
  context: ProxyContext,
): Promise<MutableAnswer> {
  try {
    return { ...(await answerFromCopy(file, request, trusted, context)), cache: 'stale' };
  } catch {
    throw outage;
  }
}

/** `@latest` worked out from the unfiltered list, as `go` would from its own. */
export async function latestFromList(
  module: string,
  request: ClientRequest,
  trusted: TrustedFiles,
  context: ProxyContext,
): Promise<(MutableAnswer & { readonly version: string }) | undefined> {
  try {
    const list = await askMutable({ kind: 'list', module }, request, context);
    const version = latestOf(parseVersionList(list.text, LIST_LIMITS))?.version;
    if (version === undefined) return undefined;
    const { bytes, mirror } = await readVersionFile(
      { kind: 'info', module, version },
      request,
      trusted,
      context,
    );
    return {
      version,
      text: bytes.toString('utf8'),
      mirror: mirror ?? list.mirror,
      cache: list.cache,
      freshMs: list.freshMs,
    };
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** What is held counts first: a version that the copy lacks would only break the build one step later. */
async function answerFromCopy(
  file: MutableFile,
  request: ClientRequest,
  trusted: TrustedFiles,
  context: ProxyContext,
): Promise<MutableAnswer> {
  const recalled = await recallMutable(file, context);
  if (file.kind === 'query') {
    if (recalled === undefined) throw notHeld();
    return recalled;
  }
  const held = await heldVersions(file.module, context);
  if (file.kind === 'list') {
    if (held.length > 0) return { text: held.map((version) => `${version}\n`).join(''), ...FROM_COPY };
    if (recalled === undefined) throw notHeld();
    return recalled;
  }
  if (recalled !== undefined && held.includes(parseInfo(Buffer.from(recalled.text)).version)) return recalled;
  const version = latestOf(parseVersionList(held.join('\n'), { maxLines: held.length }))?.version;
  if (version === undefined) throw notHeld();
  const { bytes } = await readVersionFile(
    { kind: 'info', module: file.module, version },
    request,
    trusted,
    context,
  );
  return { text: bytes.toString('utf8'), ...FROM_COPY };
}

const FROM_COPY = { mirror: '', cache: 'offline', freshMs: 0 } as const;

/** Versions of which the copy has `.info` and `.mod`: enough for `go` to choose them. */
async function heldVersions(module: ModuleFile['module'], context: ProxyContext): Promise<string[]> {
  const folder = `${escapePath(module)}/@v`;
  const keys = new Set(await context.store.names(folder));
  return [...keys].flatMap((key) => {
    if (!key.endsWith('.mod') || !keys.has(key.replace(/\.mod$/, '.info'))) return [];
    try {
      const version = unescapeVersion(key.slice(folder.length + 1, -'.mod'.length));
      return isCanonicalVersion(version) ? [version] : [];
    } catch {
      return []; // Not a name that Go or Rondo writes.
    }
  });
}
