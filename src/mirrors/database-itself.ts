import type { Cause } from '../balance/outcome.ts';
import { messageOf } from '../errors/rondo-error.ts';
import type { Clock } from '../kit/clock.ts';
import { BodyError, type Endpoint, type OtherAnswer, type Upstream } from '../upstream/attempt.ts';

/** What the database itself said. */
export type DatabaseAnswer =
  | { readonly kind: 'found'; readonly bytes: Buffer }
  | { readonly kind: 'absent'; readonly words: string }
  | { readonly kind: 'failed'; readonly why: string };

/** A checksum database asked without a mirror between. */
export type DatabaseItself = {
  /** How people know it from the mirrors. */
  readonly name: string;
  /** Asks for a path below the database's URL, beginning with `/`. Never rejects. */
  ask(path: string, maxBodyBytes: number, signal: AbortSignal): Promise<DatabaseAnswer>;
  /** It gave something that was not true: as good as no answer, for a while. */
  distrust(why: string): void;
  /** Asks over connections that are opened so from now on; what runs on the others ends well. */
  reconnect(open: OpenDatabase): void;
  close(): Promise<void>;
};

/** A database that cannot be reached is not tried again for so long: often the network lets nobody but mirrors through. */
const RETRY_AFTER_MS = 60_000;
const HEADER_LIMIT_MS = 10_000;
/** Clients choose what is looked up, and the database may fetch it first from wherever its author has it. */
const LOOKUP = '/lookup/';
/** No client chooses anything of this one. */
const LATEST = '/latest';

/** Nobody of that name, or nobody behind it, or not the one: whatever is asked. */
const UNREACHED: ReadonlySet<Cause> = new Set([
  'dns',
  'connect-refused',
  'connect-timeout',
  'tls-timeout',
  'certificate',
  'network-down',
  'proxy',
]);

type OpenDatabase = (endpoint: Endpoint) => Upstream;

/** The database at `endpoint`. */
export function createDatabaseItself(endpoint: Endpoint, open: OpenDatabase, clock: Clock): DatabaseItself {
  let upstream = open(endpoint);
  let failure: { readonly why: string; readonly untilMs: number } | undefined;
  const failed = (why: string, counts = true): DatabaseAnswer => {
    if (counts) failure = { why, untilMs: clock.now() + RETRY_AFTER_MS };
    return { kind: 'failed', why };
  };
  return {
    name: endpoint.name,
    async ask(path, maxBodyBytes, signal) {
      if (failure !== undefined && clock.now() < failure.untilMs) return { kind: 'failed', why: failure.why };
      const request = { method: 'GET', path, headerLimitMs: HEADER_LIMIT_MS, maxBodyBytes } as const;
      try {
        const answer = await upstream.attempt(request, signal);
        if (answer.kind === 'other') {
          const { outcome, words } = answer;
          if (outcome.cause === 'not-found') return { kind: 'absent', words: words ?? outcome.detail };
          return failed(words ?? outcome.detail, isOfAll(path, answer));
        }
        const drop = (): void => answer.cancel();
        signal.addEventListener('abort', drop, { once: true });
        try {
          const chunks: Buffer[] = [];
          for await (const chunk of answer.body) chunks.push(chunk);
          failure = undefined;
          return { kind: 'found', bytes: Buffer.concat(chunks) };
        } finally {
          signal.removeEventListener('abort', drop);
        }
      } catch (error) {
        // Nobody needs the answer any more: that says nothing of the database.
        if (signal.aborted) return { kind: 'failed', why: 'not needed any more' };
        const why = error instanceof BodyError ? error.outcome.detail : messageOf(error);
        return failed(why, !path.startsWith(LOOKUP));
      }
    },
    distrust: (why) => void failed(why),
    reconnect(reopen) {
      void upstream.close();
      upstream = reopen(endpoint);
      // Perhaps it is this that lets it be reached.
      failure = undefined;
    },
    close: () => upstream.close(),
  };
}

/**
 * Whether a failure would meet every question, and not only this one. A module whose origin is slow or odd makes the
 * database slow or odd about that module: no client may take it from all others by asking for one.
 */
function isOfAll(path: string, { outcome, timing }: OtherAnswer): boolean {
  if (path === LATEST || outcome.class === 'rate-limited') return true;
  if (outcome.status !== undefined || outcome.class === 'neutral') return false;
  // The rest comes out of files: who takes his time there does so for all.
  if (!path.startsWith(LOOKUP) || UNREACHED.has(outcome.cause)) return true;
  const hadConnection = timing.reused || timing.connectMs !== undefined;
  return !hadConnection && (outcome.cause === 'reset' || outcome.cause === 'protocol');
}
