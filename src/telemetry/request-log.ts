import { openSync } from 'node:fs';
import type { Level, Logger } from 'pino';
import type { RondoEvent } from '../events/events.ts';
import type { Clock } from '../kit/clock.ts';
import { createLateSink, type Sink, type Subscribe } from './late-sink.ts';
import { redact } from './redact.ts';

/** Where the log goes. */
export type LogDestination = { readonly kind: 'stderr' } | { readonly kind: 'file'; readonly path: string };

const STDERR = 2;
/** Lines gather up to this size before they are written, */
const BUFFER_BYTES = 4096;
/** but wait no longer than this. */
const FLUSH_EVERY_MS = 1_000;
/** If the destination does not keep up, lines beyond this are dropped: a log must not eat the memory. */
const MAX_WAITING_BYTES = 8 * 1024 * 1024;

/** A running log. */
export type RequestLog = {
  /** Loads pino and opens the destination. Rejects if it cannot be opened. Events are kept until then. */
  load(): Promise<void>;
  /** Writes out what waits and ends the log. */
  close(): Promise<void>;
};

/**
 * The log, JSON lines: one a request, and one for every change of a gate, integrity failure, failed flight
 * and notice. Paths are those of module files, without queries; headers are never logged.
 *
 * Writes are gathered and asynchronous; the rest is written at `close` and when the process exits. A
 * destination that fails later is reported once to `onError`, and the log falls silent.
 */
export function createRequestLog(
  subscribe: Subscribe,
  destination: LogDestination,
  clock: Clock,
  onError: (error: Error) => void,
): RequestLog {
  const late = createLateSink(subscribe, () => openLog(destination, clock, onError));
  return {
    load: async () => void (await late.load()),
    async close() {
      late.unsubscribe();
      const log = await late.load();
      await log.end();
    },
  };
}

type OpenLog = { readonly sink: Sink; end(): Promise<void> };

async function openLog(
  destination: LogDestination,
  clock: Clock,
  onError: (error: Error) => void,
): Promise<OpenLog> {
  const { default: pino } = await import('pino');
  const stream = pino.destination({
    // An open file and not a path: pino cannot flush at exit what it is still opening.
    dest: destination.kind === 'file' ? openSync(destination.path, 'a') : STDERR,
    sync: false,
    minLength: BUFFER_BYTES,
    periodicFlush: FLUSH_EVERY_MS,
    maxLength: MAX_WAITING_BYTES,
  });
  let failed = false;
  stream.on('error', (error: Error) => {
    if (failed) return;
    failed = true;
    stream.destroy(); // or it would try, and throw, once more at exit
    onError(error);
  });
  const log = pino(
    {
      base: null,
      timestamp: () => `,"time":"${new Date(clock.wallMs()).toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
    },
    stream,
  );
  return {
    sink: (event) => {
      if (!failed) writeLine(log, event);
    },
    end: () =>
      new Promise((resolve) => {
        if (failed) {
          resolve();
          return;
        }
        stream.once('close', () => resolve());
        stream.once('error', () => resolve());
        stream.end();
      }),
  };
}

function writeLine(log: Logger, event: RondoEvent): void {
  switch (event.type) {
    case 'request':
      writeRequest(log, event);
      return;
    case 'gate': {
      const { mirror, from, to, why } = event;
      const forMs = event.forMs === undefined ? undefined : Math.round(event.forMs);
      log[to === 'HEALTHY' ? 'info' : 'warn']({ mirror, from, to, why: redact(why), forMs }, 'gate');
      return;
    }
    case 'integrity': {
      const { module, version, kind, mirror, why, expected, found } = event;
      log.error({ module, version, kind, mirror, why: redact(why), expected, found }, 'integrity');
      return;
    }
    case 'flight':
      if (!event.ok) {
        log.warn({ key: event.key, mirror: event.mirror, error: redact(event.error ?? '') }, 'flight failed');
      }
      return;
    case 'notice':
      log[event.level](redact(event.message));
      return;
    case 'visit':
    case 'failover':
      return; // metrics count them; a line for each would drown the requests
  }
}

function writeRequest(log: Logger, event: Extract<RondoEvent, { type: 'request' }>): void {
  log[levelOf(event)](
    {
      id: event.id,
      method: event.method,
      path: event.path,
      status: event.status,
      cache: event.cache,
      mirror: event.mirror,
      bytes: event.bytes,
      ms: Math.round(event.durationMs * 100) / 100,
      aborted: event.aborted || undefined,
      error: event.error === undefined ? undefined : redact(event.error),
    },
    'request',
  );
}

/** Ordinary 404s and clients that leave are everyday; what Rondo could not do is not. */
function levelOf(event: Extract<RondoEvent, { type: 'request' }>): Level {
  if (event.status >= 500 || (event.aborted && event.error !== undefined)) return 'warn';
  return 'info';
}
