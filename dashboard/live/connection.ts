import { ApiError, request, type Credentials } from '../api/call-api.ts';
import { readEvents, type ServerEvent } from '../api/read-events.ts';
import type { Problem } from '../api/problem.ts';
import { waitMs } from './backoff.ts';
import { createStore, type Store } from './store.ts';

/** Whether the page hears from Rondo. */
export type Connection =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'live' }
  /** Tried again at that time. */
  | { readonly kind: 'waiting'; readonly attempt: number; readonly retryAtMs: number }
  /** It does not talk to this page: a token is asked for, or the remedy shown. */
  | { readonly kind: 'refused'; readonly problem: Problem };

/** The one stream of events behind the page. */
export type EventLine = {
  readonly connection: Store<Connection>;
  /** Tries at once, with the credentials of now. */
  retry(): void;
};

/** Rondo sends a line every 15 s: after so long without any, it is gone. */
const SILENCE_MS = 40_000;

/** Listens to the server's events, and again after each end, until the page goes. */
export function openEventLine(credentials: () => Credentials, take: (event: ServerEvent) => void): EventLine {
  const connection = createStore<Connection>({ kind: 'connecting' });
  let attempts = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running = new AbortController();
  const begin = (): void => {
    clearTimeout(timer);
    running.abort();
    running = new AbortController();
    if (connection.get().kind === 'refused') connection.set({ kind: 'connecting' });
    void listen(running);
  };
  const wait = (): void => {
    attempts += 1;
    const forMs = waitMs(attempts, Math.random());
    connection.set({ kind: 'waiting', attempt: attempts, retryAtMs: Date.now() + forMs });
    timer = setTimeout(begin, forMs);
  };
  const heard = (): void => {
    attempts = 0;
    connection.set({ kind: 'live' });
  };
  const listen = async (own: AbortController): Promise<void> => {
    const problem = await follow(own, credentials(), heard, take);
    if (own !== running) return;
    if (problem !== undefined && isRefusal(problem)) connection.set({ kind: 'refused', problem });
    else wait();
  };
  // A laptop that wakes up need not wait for the next attempt.
  addEventListener('online', begin);
  begin();
  return { connection, retry: begin };
}

function isRefusal({ status }: Problem): boolean {
  return status === 401 || status === 403 || status === 421;
}

/** Reads the stream to its end; the problem if Rondo refused it. Never rejects. */
async function follow(
  own: AbortController,
  credentials: Credentials,
  heard: () => void,
  take: (event: ServerEvent) => void,
): Promise<Problem | undefined> {
  let silence = setTimeout(() => own.abort(), SILENCE_MS);
  const alive = (): void => {
    clearTimeout(silence);
    silence = setTimeout(() => own.abort(), SILENCE_MS);
    heard();
  };
  try {
    const headers = { accept: 'text/event-stream' };
    const response = await request('events', credentials, { headers, signal: own.signal });
    if (response.body !== null) await readEvents(response.body, alive, take);
    return undefined;
  } catch (error) {
    return error instanceof ApiError ? error.problem : undefined;
  } finally {
    clearTimeout(silence);
  }
}
