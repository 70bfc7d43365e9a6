import { render } from '../words/render.ts';
import { say, type Text } from '../words/text.ts';
import { dirname } from 'node:path';
import { RondoError, saidBy } from '../errors/rondo-error.ts';
import type { Clock } from '../kit/clock.ts';
import {
  checkCertificate,
  readCertificateTexts,
  validityWarning,
  type CertificateFiles,
  type CertificateTexts,
  type ServerCertificate,
} from './certificate.ts';
import { watchFolders, type WatchFolder } from './folder-watch.ts';

/** What is watched, and who hears of it. */
export type CertificateWatchOptions = {
  readonly files: CertificateFiles;
  /** The one in use. */
  readonly current: ServerCertificate;
  readonly clock: Clock;
  /** A new pair, whose key fits. */
  readonly onChange: (certificate: ServerCertificate) => void;
  /** Told once for each thing that is wrong: a pair that cannot be used, a certificate that is or soon will be expired. */
  readonly onProblem: (said: Text) => void;
  /** Default: the system's. */
  readonly watchFolder?: WatchFolder;
};

/** Two files are not replaced at one moment: what is read at once is read again. */
const GATHER_MS = 200;
/** A pair that still does not fit after so long is broken, and not just half replaced. */
const PATIENCE_MS = 3_000;

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
  const { files, clock } = options;
  let { current } = options;
  let validity = validityWarning(current.leaf, files, clock.wallMs());
  let closed = false;

  const onError = (why: Text | string): void =>
    options.onProblem(say('the certificate in use stays: {why}', { why }));
  const doubt = createDoubt(clock, () => watch.lookAfter(PATIENCE_MS), onError);
  const look = async (): Promise<void> => {
    const read = await readPair(files);
    if (closed) return;
    if (read.kind === 'broken') doubt.about(read.key, read.said);
    else if (take(read.certificate)) return;
    const before = validity;
    validity = validityWarning(current.leaf, files, clock.wallMs());
    if (validity !== undefined && (before === undefined || render(validity) !== render(before)))
      options.onProblem(validity);
  };

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

  const folders = [dirname(files.certFile), dirname(files.keyFile)];
  const watch = watchFolders({ ...options, folders: () => folders, gatherMs: GATHER_MS, look, onError });
  return () => {
    closed = true;
    watch.close();
  };
}

type Doubt = {
  /** Something is wrong: whatever `key` stands for, until another one. */
  about(key: string, said: Text | string): void;
  end(): void;
};

/** Tells what has been wrong for 3 s, once; before that asks for another look. */
function createDoubt(clock: Clock, lookAgain: () => void, onProblem: (said: Text | string) => void): Doubt {
  let found: Found = { kind: 'nothing' };
  return {
    about(key, said) {
      if (found.kind === 'nothing' || found.key !== key) {
        found = { kind: 'suspect', key, sinceMs: clock.now() };
        lookAgain();
      } else if (found.kind === 'suspect') {
        if (clock.now() - found.sinceMs < PATIENCE_MS) return lookAgain();
        found = { kind: 'told', key };
        onProblem(said);
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
  | { readonly kind: 'broken'; readonly key: string; readonly said: Text | string };

async function readPair(files: CertificateFiles): Promise<Read> {
  let texts: CertificateTexts | undefined;
  try {
    texts = await readCertificateTexts(files);
    return { kind: 'fits', certificate: checkCertificate(texts, files) };
  } catch (error) {
    const what = saidBy(error);
    const hint = error instanceof RondoError ? error.said.hint : undefined;
    const said = hint === undefined ? what : say('{what} ({hint})', { what, hint });
    return { kind: 'broken', key: texts === undefined ? render(said) : `${texts.cert}\0${texts.key}`, said };
  }
}

function areSame(one: CertificateTexts, other: CertificateTexts): boolean {
  return one.cert === other.cert && one.key === other.key;
}
