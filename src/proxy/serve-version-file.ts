import { RondoError } from '../errors/rondo-error.ts';
import type { VersionFile } from '../gomod/module-file.ts';
import { storeKey } from '../gomod/store-key.ts';
import type { Found } from '../mirrors/answer.ts';
import { describeTried } from '../mirrors/tried.ts';
import type { SmallFile } from './ask-early.ts';
import type { ProxyContext } from './context.ts';
import type { Reply } from './reply.ts';
import type { ClientRequest } from './request.ts';
import { CONTENT_TYPES, MAX_BYTES } from './settings.ts';
import type { TrustedFile, TrustedFiles } from './trusted-files.ts';
import { adopt, planVersionFile } from './version-file-plan.ts';
import { say } from '../words/text.ts';

/**
 * Serves a file that never changes: from the copy where it has been checked, else by the one flight that
 * brings it.
 * @throws RondoError as ask.ts, flight.ts and version-file-plan.ts say; E_OFFLINE.
 */
export async function serveVersionFile(
  file: VersionFile,
  request: ClientRequest,
  trusted: TrustedFiles,
  context: ProxyContext,
): Promise<Reply> {
  const contentType = CONTENT_TYPES[file.kind];
  const held = await findHeld(file, request, trusted, context);
  if (held !== undefined) return heldReply(file, held, context);
  if (context.settings.offline || !request.fetchAllowed) throw notHeld();
  if (request.headOnly) return askHead(file, request, contentType, context);

  const { reader, joined } = joinVersionFile(file, request, trusted, context);
  context.early.missed(file);
  try {
    await reader.ready(context.settings.holdMs);
  } catch (error) {
    context.notFound.remember(file, error);
    throw await context.notFound.replay(file, error);
  }
  const { mirror, contentLength, timings, tried } = reader;
  return {
    kind: 'stream',
    contentType,
    body: reader.body(),
    timings,
    cache: joined ? 'coalesced' : 'miss',
    ...(mirror === undefined ? {} : { mirror }),
    ...(tried === undefined ? {} : { tried }),
    ...(contentLength === undefined ? {} : { contentLength }),
  };
}

/** The answer from memory, where nothing has to be waited for: the way of nearly every request to a warm copy. */
export function recallVersionFile(
  file: VersionFile,
  trusted: TrustedFiles,
  context: ProxyContext,
): Reply | undefined {
  const held = trusted.recall(file);
  if (held === undefined) return undefined;
  context.requested(storeKey(file));
  return heldReply(file, held, context);
}

function heldReply(
  file: VersionFile,
  { file: stored, mirror }: TrustedFile,
  { settings, early }: ProxyContext,
): Reply {
  early.seen(file);
  const contentType = CONTENT_TYPES[file.kind];
  const cache = settings.offline ? 'offline' : 'hit';
  return mirror === undefined
    ? { kind: 'file', file: stored, contentType, cache }
    : { kind: 'file', file: stored, contentType, cache, mirror };
}

/** The whole content of a small version file, however it is to be had. Throws as serveVersionFile does. */
export async function readVersionFile(
  file: SmallFile,
  request: ClientRequest,
  trusted: TrustedFiles,
  context: ProxyContext,
): Promise<{ bytes: Buffer; mirror: string | undefined }> {
  const held = await findHeld(file, request, trusted, context);
  if (held !== undefined) return { bytes: await readAll(held), mirror: held.mirror };
  if (context.settings.offline || !request.fetchAllowed) throw notHeld();
  const { reader } = joinVersionFile(file, request, trusted, context);
  const bytes = await reader.bytes();
  return { bytes, mirror: reader.mirror };
}

function joinVersionFile(
  file: VersionFile,
  request: ClientRequest,
  trusted: TrustedFiles,
  context: ProxyContext,
): ReturnType<ProxyContext['flights']['join']> {
  return context.flights.join(storeKey(file), () => planVersionFile(file, trusted, context), request.via);
}

/** The error of a file that only a mirror could bring, when none may be asked. */
export function notHeld(): RondoError {
  return new RondoError('E_OFFLINE', say('offline, not in the copy'));
}

async function findHeld(
  file: VersionFile,
  request: ClientRequest,
  trusted: TrustedFiles,
  context: ProxyContext,
): Promise<TrustedFile | undefined> {
  const found = await trusted.find(file);
  // Before it is looked at or sent: what has just been asked for is not given up meanwhile.
  if (found.kind !== 'absent') context.requested(storeKey(file));
  if (found.kind === 'trusted') return found.trusted;
  // What is not proven yet may need the database, which a client of the copy alone must not cause to be asked.
  if (found.kind === 'absent' || !request.fetchAllowed) return undefined;
  const isRight = await context.adoptions.run(storeKey(file), async () => {
    // Whoever came before may have proven it since it was looked for.
    const isProven = (await trusted.find(file)).kind === 'trusted';
    return isProven || adopt(file, found.file, trusted, context);
  });
  return isRight ? { file: found.file, mirror: undefined } : undefined;
}

/** HEAD of a cold file: one mirror's HEAD for all who ask meanwhile; nothing is fetched or kept. */
async function askHead(
  file: VersionFile,
  request: ClientRequest,
  contentType: string,
  context: ProxyContext,
): Promise<Reply> {
  const via = request.via === undefined ? {} : { via: request.via };
  const ask = async (left: AbortSignal): Promise<Found> => {
    const found = await context.mirrors.ask(
      { file, method: 'HEAD', maxBodyBytes: MAX_BYTES[file.kind], patient: true, ...via },
      AbortSignal.any([left, context.signal]),
    );
    found.settle({ kind: 'complete', bytes: 0 });
    return found;
  };
  const {
    mirror,
    contentLength,
    tried: reports,
  } = await context.heads.run(storeKey(file), ask, request.signal);
  const tried = describeTried(reports);
  return {
    kind: 'head',
    contentType,
    cache: 'miss',
    mirror,
    ...(tried === undefined ? {} : { tried }),
    ...(contentLength === undefined ? {} : { contentLength }),
  };
}

async function readAll({ file }: TrustedFile): Promise<Buffer> {
  if (file.bytes !== undefined) return file.bytes;
  const chunks: Buffer[] = [];
  for await (const chunk of file.open()) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
