import { openSync } from 'node:fs';
import type { Level, Logger } from 'pino';
import type { RondoEvent } from '../events/events.ts';
import type { Clock } from '../kit/clock.ts';
import type { LogLevel } from '../kit/log-level.ts';
import { createLateSink, type Sink, type Subscribe } from './late-sink.ts';
import { redact } from './redact.ts';

/** Where the log goes. */
export type LogDestination = { readonly kind: 'stderr' } | { readonly kind: 'file'; readonly path: string };

/** How a log is written. */
export type LogSettings = { readonly destination: LogDestination; readonly level: LogLevel };

const STDERR = 2;
/** Lines gather up to this size before they are written, */
const BUFFER_BYTES = 16 * 1024;
/** and at most this much at once, */
const MAX_WRITE_BYTES = 64 * 1024;
/** but wait no longer than this. */
const FLUSH_EVERY_MS = 1_000;
/** If the destination does not keep up, lines beyond this are dropped: a log must not eat the memory. */
const MAX_WAITING_BYTES = 8 * 1024 * 1024;

/** A running log. */
export type RequestLog = {
  /** The least important lines that are written from now on. */
  show(level: LogLevel): void;
  /** Loads pino and opens the destination. Rejects if it cannot be opened. Events are kept until then. */
  load(): Promise<void>;
  /** Writes out what waits and ends the log. */
  close(): Promise<void>;
};

/**
 * The log, JSON lines: one a request (`info`, `warn` where Rondo could not do it), and one for every change of a
 * gate, integrity failure, failed flight and notice, each at its own level. `debug` adds the trials of mirrors that
 * are out, the visits to mirrors and the failovers, `trace` the health checks. Paths are those of module files, without queries; headers are never logged.
 *
 * Writes are gathered and asynchronous; the rest is written at `close` and when the process exits. A
 * destination that fails later is reported once to `onError`, and the log falls silent.
 */
export function createRequestLog(
  subscribe: Subscribe,
  settings: LogSettings,
  clock: Clock,
  onError: (error: Error) => void,
): RequestLog {
  let { level } = settings;
  let opened: OpenLog | undefined;
  const late = createLateSink(subscribe, async () => {
    opened = await openLog({ ...settings, level }, clock, onError);
    return opened;
  });
  return {
    show(next) {
      level = next;
      opened?.show(level);
    },
    load: async () => void (await late.load()),
    async close() {
      late.unsubscribe();
      const log = await late.load();
      await log.end();
    },
  };
}

type OpenLog = { readonly sink: Sink; show(level: LogLevel): void; end(): Promise<void> };

async function openLog(
  { destination, level }: LogSettings,
  clock: Clock,
  onError: (error: Error) => void,
): Promise<OpenLog> {
  const { default: pino } = await import('pino');
  const stream = pino.destination({
    // An open file and not a path: pino cannot flush at exit what it is still opening.
    dest: destination.kind === 'file' ? openSync(destination.path, 'a') : STDERR,
    sync: false,
    // As text it would count all that waits anew for each line: more than a line costs otherwise.
    contentMode: 'buffer',
    minLength: BUFFER_BYTES,
    maxWrite: MAX_WRITE_BYTES,
    periodicFlush: FLUSH_EVERY_MS,
    maxLength: MAX_WAITING_BYTES,
  });
  // What pino's types do not know of that mode.
  const bytes: { write(chunk: Uint8Array | string): unknown } = stream;
  let failed = false;
  stream.on('error', (error: Error) => {
    if (failed) return;
    failed = true;
    stream.destroy(); // or it would try, and throw, once more at exit
    onError(error);
  });
  const log = pino(
    {
      level,
      base: null,
      timestamp: createTimestamp(clock),
      formatters: { level: (label) => ({ level: label }) },
    },
    { write: (line: string) => void bytes.write(Buffer.from(line)) },
  );
  return {
    sink: (event) => {
      if (!failed) writeLine(log, event);
    },
    show: (next) => void (log.level = next),
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

/** pino's `time` member. Many lines share a millisecond, and formatting one costs a good part of a line. */
function createTimestamp(clock: Clock): () => string {
  let lastMs = Number.NaN;
  let text = '';
  return () => {
    const nowMs = clock.wallMs();
    if (nowMs !== lastMs) {
      lastMs = nowMs;
      text = `,"time":"${new Date(nowMs).toISOString()}"`;
    }
    return text;
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
      log[gateLevel(from, to)]({ mirror, from, to, why: redact(why), forMs }, 'gate');
      return;
    }
    case 'integrity': {
      const { type: _, why, ...evidence } = event;
      log.error({ ...evidence, why: redact(why) }, 'integrity');
      return;
    }
    case 'security': {
      const { database, kind, message, evidence } = event;
      log.error({ database, kind, evidence }, redact(message));
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
      writeVisit(log, event);
      return;
    case 'hedge':
    case 'race':
      log.debug({ from: event.from, to: event.to, kind: event.kind, won: event.won }, event.type);
      return;
    case 'alert': {
      const { kind, subject, state } = event;
      log.warn({ kind, subject, state }, redact(event.message));
      return;
    }
    case 'verdict':
    case 'eviction':
    case 'index':
    case 'reload':
    case 'limit':
    case 'delivery':
      // What people should know of these comes as a notice.
      return;
    case 'failover':
      log.debug({ from: event.from, to: event.to, kind: event.kind }, 'failover');
      return;
  }
}

/** Below `info`, where it would drown the requests. */
function writeVisit(log: Logger, event: Extract<RondoEvent, { type: 'visit' }>): void {
  const level = event.probe ? 'trace' : 'debug';
  if (!log.isLevelEnabled(level)) return;
  const { mirror, kind, outcome, bytes } = event;
  const ms = Math.round(event.durationMs);
  const { class: found, cause } = outcome;
  const detail = redact(outcome.detail);
  log[level]({ mirror, kind, outcome: found, cause, detail, bytes, ms }, event.probe ? 'probe' : 'visit');
}

function writeRequest(log: Logger, event: Extract<RondoEvent, { type: 'request' }>): void {
  const level = levelOf(event);
  if (!log.isLevelEnabled(level)) return;
  log[level](
    {
      id: event.id,
      method: event.method,
      path: event.path,
      status: event.status,
      cache: event.cache,
      mirror: event.mirror,
      tried: event.tried === undefined ? undefined : redact(event.tried),
      bytes: event.bytes,
      ms: Math.round(event.durationMs * 100) / 100,
      aborted: event.aborted || undefined,
      error: event.error === undefined ? undefined : redact(event.error),
      trace: event.trace?.traceId,
    },
    'request',
  );
}

/** Ordinary 404s and clients that leave are everyday; what Rondo could not do is not. */
function levelOf(event: Extract<RondoEvent, { type: 'request' }>): Level {
  if (event.status >= 500 || (event.aborted && event.error !== undefined)) return 'warn';
  return 'info';
}

/** A mirror that is down for days is tried, and fails, twice a minute: that it is down has been said. */
function gateLevel(from: string, to: string): 'info' | 'warn' | 'debug' {
  if (to === 'HEALTHY') return 'info';
  if (to === 'QUARANTINED') return 'warn';
  return from === 'TRIAL' || to === 'TRIAL' ? 'debug' : 'warn';
}
