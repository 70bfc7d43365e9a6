import { open, stat, type FileHandle } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Clock } from '../kit/clock.ts';
import {
  BodyError,
  type AttemptAnswer,
  type AttemptRequest,
  type AttemptTiming,
  type Endpoint,
  type FoundAnswer,
  type Upstream,
} from './attempt.ts';
import { classifyError } from './classify.ts';
import { tooLarge } from './incoming-body.ts';

/**
 * A folder as a mirror (`file:///…/cache/download`, cmd/go/internal/web's getFile): the path below the URL is the
 * file's, a missing file is a 404. Nothing outside the folder is reachable by `..`, but links in it are followed:
 * the folder is the user's. Time limits do not apply; a signal is looked at between the steps.
 * @throws TypeError for a URL that names no local folder (one with a host, for example)
 */
export function createFileUpstream(endpoint: Endpoint, clock: Clock): Upstream {
  const root = fileURLToPath(endpoint.url);
  return {
    async attempt(request, signal) {
      signal.throwIfAborted();
      const startedAtMs = clock.now();
      const timing = (): AttemptTiming => ({ reused: false, firstByteMs: clock.now() - startedAtMs });
      try {
        const answer = await openFile(root, request, timing);
        if (signal.aborted && answer.kind === 'found') answer.cancel();
        signal.throwIfAborted();
        return answer;
      } catch (error) {
        signal.throwIfAborted();
        return { kind: 'other', outcome: fileOutcome(error), timing: timing() };
      }
    },
    maxConnections: Infinity,
    connections: () => ({ open: 0, opened: 0 }),
    close: () => Promise.resolve(),
  };
}

async function openFile(
  root: string,
  request: AttemptRequest,
  timing: () => AttemptTiming,
): Promise<AttemptAnswer> {
  const path = fileFor(root, request.path);
  if (path === undefined) return notFound(timing());
  // Before opening: to open a pipe would wait for its writer.
  const { size, validator } = await statFile(path);
  if (size === undefined) return notFound(timing());
  if (size > request.maxBodyBytes)
    return { kind: 'other', outcome: tooLarge(request.maxBodyBytes).outcome, timing: timing() };
  const file = request.method === 'HEAD' ? undefined : await open(path);
  const startBytes = startOf(request.rest, size, validator);
  const body = new FileBody(file, startBytes, size);
  return {
    kind: 'found',
    status: startBytes === 0 ? 200 : 206,
    headers: { 'content-length': String(size - startBytes) },
    contentLength: size,
    ...(startBytes === 0 ? {} : { startBytes }),
    validator,
    body,
    cancel: () => body.cancel(),
    timing: timing(),
  } satisfies FoundAnswer;
}

async function statFile(path: string): Promise<{ size: number | undefined; validator: string }> {
  const stats = await stat(path, { bigint: true });
  return {
    size: stats.isFile() ? Number(stats.size) : undefined,
    validator: `"${stats.size}-${stats.mtimeNs}"`,
  };
}

/** As a server judges If-Range: what is not certainly of the same file is sent from its beginning. */
function startOf(rest: AttemptRequest['rest'], size: number, validator: string): number {
  if (rest === undefined || rest.fromBytes >= size) return 0;
  const same = rest.validator === undefined ? rest.totalBytes === size : rest.validator === validator;
  return same ? rest.fromBytes : 0;
}

/**
 * The file that an escaped request path names below `root`; undefined for what can name none. Pure. The path is
 * checked although it was parsed before: this is where a mistake would read the user's files.
 */
export function fileFor(root: string, requestPath: string): string | undefined {
  let decoded: string;
  try {
    decoded = decodeURIComponent(requestPath);
  } catch {
    return undefined;
  }
  const elements = decoded.split('/').slice(1);
  const odd = (element: string): boolean =>
    element === '' || element === '.' || element === '..' || /[\0\\:]/.test(element);
  if (!decoded.startsWith('/') || elements.length === 0 || elements.some(odd)) return undefined;
  const path = join(root, ...elements);
  return path.startsWith(root.endsWith(sep) ? root : `${root}${sep}`) ? path : undefined;
}

/** One file as a body. The handle is closed when it has been read, dropped, or failed. */
class FileBody implements AsyncIterable<Buffer> {
  #file: FileHandle | undefined;
  #position: number;
  #left: number;
  #cancelled = false;

  constructor(file: FileHandle | undefined, startBytes: number, sizeBytes: number) {
    this.#file = file;
    this.#position = startBytes;
    this.#left = file === undefined ? 0 : sizeBytes - startBytes;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer, void, void> {
    try {
      while (this.#left > 0) yield await this.#next();
    } finally {
      await this.#close();
    }
  }

  cancel(): void {
    this.#cancelled = true;
    void this.#close();
  }

  async #next(): Promise<Buffer> {
    try {
      const buffer = Buffer.allocUnsafe(Math.min(this.#left, 64 * 1024));
      const bytesRead = (await this.#file?.read(buffer, 0, buffer.length, this.#position))?.bytesRead ?? 0;
      if (bytesRead > 0) {
        this.#position += bytesRead;
        this.#left -= bytesRead;
        return buffer.subarray(0, bytesRead);
      }
    } catch (error) {
      if (!this.#cancelled) throw new BodyError(fileOutcome(error), error);
    }
    if (this.#cancelled) throw new BodyError({ class: 'neutral', cause: 'superseded', detail: 'cancelled' });
    throw new BodyError({
      class: 'http',
      cause: 'short-body',
      detail: `the file lost ${this.#left} bytes while it was read`,
    });
  }

  async #close(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    await file?.close().catch(() => undefined);
  }
}

function notFound(timing: AttemptTiming): AttemptAnswer {
  return { kind: 'other', outcome: { class: 'neutral', cause: 'not-found', detail: 'no such file' }, timing };
}

/** As classifyError, but what it takes for a firewall is a file that may not be read. */
function fileOutcome(error: unknown): ReturnType<typeof classifyError> {
  const { code } = error as { code?: unknown };
  if (code === 'EACCES' || code === 'EPERM') {
    return { class: 'neutral', cause: 'refused', detail: `the file may not be read (${code})` };
  }
  return classifyError(error);
}
