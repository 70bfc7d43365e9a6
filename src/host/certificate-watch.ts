import { watch } from 'node:fs';
import { dirname } from 'node:path';
import { messageOf, RondoError } from '../errors/rondo-error.ts';
import type { Clock, Timer } from '../kit/clock.ts';
import {
  checkCertificate,
  readCertificateTexts,
  validityWarning,
  type CertificateFiles,
  type CertificateTexts,
  type ServerCertificate,
} from './certificate.ts';

/** Calls `onEvent` whenever something happens in a folder, until it is closed. May throw, or miss events. */
export type WatchFolder = (folder: string, onEvent: () => void) => { close(): void };

/** What is watched, and who hears of it. */
export type CertificateWatchOptions = {
  readonly files: CertificateFiles;
  /** The one in use. */
  readonly current: ServerCertificate;
  readonly clock: Clock;
  /** A new pair, whose key fits. */
  readonly onChange: (certificate: ServerCertificate) => void;
  /** Told once for each thing that is wrong: a pair that cannot be used, a certificate that is or soon will be expired. */
  readonly onProblem: (message: string) => void;
  /** Default: the system's. */
  readonly watchFolder?: WatchFolder;
};

/** Two files are not replaced at one moment: what is read at once is read again. */
const GATHER_MS = 200;
/** A pair that still does not fit after so long is broken, and not just half replaced. */
const PATIENCE_MS = 3_000;
/** Some file systems tell of no change, nor does a link whose target is overwritten. */
const POLL_MS = 30_000;

/** What was last found wrong, and since when. */
type Found =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'suspect'; readonly key: string; readonly sinceMs: number }
  | { readonly kind: 'told'; readonly key: string };

/**
 * Reads the two files again whenever their folders change, and every 30 s. A pair that is broken or half
 * replaced changes nothing; if it stays so for 3 s, `onProblem` hears of it. Ends with the returned function.
 */
export function watchCertificate(options: CertificateWatchOptions): () => void {
  const { files, clock, watchFolder = systemWatch } = options;
  let { current } = options;
  let validity = validityWarning(current.leaf, files, clock.wallMs());
  let closed = false;
  let reading = false;
  const timers = new Map<number, Timer>();

  /** For each delay one timer: events come in swarms. */
  const lookAfter = (delayMs: number): void => {
    if (closed || timers.has(delayMs)) return;
    const fire = (): void => {
      timers.delete(delayMs);
      if (delayMs === POLL_MS) lookAfter(POLL_MS);
      // Who is reading may have read what was there before.
      if (reading) lookAfter(GATHER_MS);
      else
        look().catch((error: unknown) =>
          options.onProblem(`the certificate in use stays: ${messageOf(error)}`),
        );
    };
    timers.set(delayMs, clock.after(delayMs, fire, { background: true }));
  };

  const doubt = createDoubt(clock, () => lookAfter(PATIENCE_MS), options.onProblem);
  async function look(): Promise<void> {
    reading = true;
    const read = await readPair(files);
    reading = false;
    if (closed) return;
    if (read.kind === 'broken') doubt.about(read.key, read.message);
    else if (take(read.certificate)) return;
    const before = validity;
    validity = validityWarning(current.leaf, files, clock.wallMs());
    if (validity !== undefined && validity !== before) options.onProblem(validity);
  }

  /** Whether it is another one. */
  function take(certificate: ServerCertificate): boolean {
    doubt.end();
    if (areSame(certificate.texts, current.texts)) return false;
    current = certificate;
    options.onChange(certificate);
    validity = validityWarning(certificate.leaf, files, clock.wallMs());
    if (validity !== undefined) options.onProblem(validity);
    return true;
  }

  const folders = new Set([dirname(files.certFile), dirname(files.keyFile)]);
  const ends = [...folders].map((folder) => watchOrNot(watchFolder, folder, () => lookAfter(GATHER_MS)));
  lookAfter(POLL_MS);
  return () => {
    closed = true;
    for (const timer of timers.values()) timer.cancel();
    for (const end of ends) end();
  };
}

type Doubt = {
  /** Something is wrong: whatever `key` stands for, until another one. */
  about(key: string, message: string): void;
  end(): void;
};

/** Tells what has been wrong for 3 s, once; before that asks for another look. */
function createDoubt(clock: Clock, lookAgain: () => void, onProblem: (message: string) => void): Doubt {
  let found: Found = { kind: 'nothing' };
  return {
    about(key, message) {
      if (found.kind === 'nothing' || found.key !== key) {
        found = { kind: 'suspect', key, sinceMs: clock.now() };
        lookAgain();
      } else if (found.kind === 'suspect') {
        if (clock.now() - found.sinceMs < PATIENCE_MS) return lookAgain();
        found = { kind: 'told', key };
        onProblem(`the certificate in use stays: ${message}`);
      }
    },
    end() {
      found = { kind: 'nothing' };
    },
  };
}

type Read =
  | { readonly kind: 'fits'; readonly certificate: ServerCertificate }
  /** `key` is the same as long as the files are. */
  | { readonly kind: 'broken'; readonly key: string; readonly message: string };

async function readPair(files: CertificateFiles): Promise<Read> {
  let texts: CertificateTexts | undefined;
  try {
    texts = await readCertificateTexts(files);
    return { kind: 'fits', certificate: checkCertificate(texts, files) };
  } catch (error) {
    const hint = error instanceof RondoError && error.hint !== undefined ? ` (${error.hint})` : '';
    const message = `${messageOf(error)}${hint}`;
    return { kind: 'broken', key: texts === undefined ? message : `${texts.cert}\0${texts.key}`, message };
  }
}

function areSame(one: CertificateTexts, other: CertificateTexts): boolean {
  return one.cert === other.cert && one.key === other.key;
}

/** Of the folder and not the file: certificates are replaced by renaming, after which the old file is watched by nobody. */
function systemWatch(folder: string, onEvent: () => void): { close(): void } {
  const watcher = watch(folder, { persistent: false }, onEvent);
  watcher.on('error', () => watcher.close());
  return watcher;
}

/** Where a folder cannot be watched, reading it every now and then has to do. */
function watchOrNot(watchFolder: WatchFolder, folder: string, onEvent: () => void): () => void {
  try {
    const watcher = watchFolder(folder, onEvent);
    return () => watcher.close();
  } catch {
    return () => {};
  }
}
