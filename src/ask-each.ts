import type { Config } from './config/config.ts';
import { messageOf } from './errors/rondo-error.ts';
import type { RemoteFile } from './gomod/module-file.ts';
import { remotePath } from './gomod/remote-path.ts';
import { newInstanceId, upstreamOpener, type AskingOptions } from './open-mirrors.ts';
import type { FoundAnswer, Upstream } from './upstream/attempt.ts';

/** What one mirror answered for one file. */
export type EachAnswer =
  | { readonly kind: 'found'; readonly bytes: Buffer }
  /** It is larger than was wanted. */
  | { readonly kind: 'large' }
  | {
      readonly kind: 'other';
      readonly cause: string;
      readonly status?: number;
      readonly why: string;
      readonly words?: string;
    };

/** A mirror that can be asked past all selection, for whoever wants to know what it has. */
export type AskableMirror = {
  readonly name: string;
  /** Never rejects for what the mirror does. */
  ask(file: RemoteFile, limits: { readonly maxBytes: number }, signal: AbortSignal): Promise<EachAnswer>;
  close(): Promise<void>;
};

/** A diagnosis waits no longer than this for the head of an answer. */
const HEADER_LIMIT_MS = 15_000;

/** The mirrors of the chain, each to be asked by itself. */
export function openEach(mirrors: Config['chain']['mirrors'], options: AskingOptions): AskableMirror[] {
  const open = upstreamOpener(options, newInstanceId(options.random));
  return mirrors.map((mirror) => {
    const upstream = open(mirror);
    return {
      name: mirror.name,
      ask: (file, { maxBytes }, signal) => askOne(upstream, remotePath(file), maxBytes, signal),
      close: () => upstream.close(),
    };
  });
}

async function askOne(
  upstream: Upstream,
  path: string,
  maxBytes: number,
  signal: AbortSignal,
): Promise<EachAnswer> {
  const limits = { headerLimitMs: HEADER_LIMIT_MS, maxBodyBytes: maxBytes };
  const answer = await upstream.attempt({ method: 'GET', path, ...limits }, signal);
  if (answer.kind === 'other') {
    const { cause, status, detail } = answer.outcome;
    if (answer.outcome.cause === 'bad-content' && status === 200) return { kind: 'large' };
    return {
      kind: 'other',
      cause,
      why: detail,
      ...(status === undefined ? {} : { status }),
      ...(answer.words === undefined ? {} : { words: answer.words }),
    };
  }
  if ((answer.contentLength ?? 0) > maxBytes) {
    answer.cancel();
    return { kind: 'large' };
  }
  const chunks: Buffer[] = [];
  const why = await readBody(answer, signal, (chunk) => chunks.push(Buffer.from(chunk)));
  if (why !== undefined) return { kind: 'other', cause: 'reset', why };
  return { kind: 'found', bytes: Buffer.concat(chunks) };
}

/**
 * Reads a body to its end; resolves with why it broke. However slowly it comes, an abort ends it. Rejects with the
 * signal's reason only.
 */
export async function readBody(
  answer: FoundAnswer,
  signal: AbortSignal,
  take: (chunk: Buffer) => void,
): Promise<string | undefined> {
  const cancel = (): void => answer.cancel();
  signal.addEventListener('abort', cancel, { once: true });
  try {
    for await (const chunk of answer.body) {
      signal.throwIfAborted();
      take(chunk);
    }
    signal.throwIfAborted();
    return undefined;
  } catch (error) {
    signal.throwIfAborted();
    return messageOf(error);
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}
