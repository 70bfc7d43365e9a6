import { readBody } from './ask-each.ts';
import { UNANSWERED } from './balance/outcome.ts';
import type { RemoteFile } from './gomod/module-file.ts';
import { remotePath } from './gomod/remote-path.ts';
import { newInstanceId, upstreamOpener, type AskingOptions } from './open-mirrors.ts';

/** The largest file of a module (zip.MaxZipFile), and a little. */
const MAX_FILE_BYTES = 512 * 1024 * 1024;

/** Why a file was not to be had. `nobody`: there was no answer at all. */
export type Refusal = { readonly why: string; readonly nobody: boolean };

/** Another Rondo, which fetches and keeps what it is asked for. */
export type OtherRondo = {
  /** Asks for a file and throws it away; resolves with undefined where it was given. Rejects with the signal's reason only. */
  ask(file: RemoteFile, signal: AbortSignal): Promise<Refusal | undefined>;
  close(): Promise<void>;
};

/** The Rondo at `url`. */
export function openRondo(url: URL, options: AskingOptions): OtherRondo {
  const bare = new URL(url);
  bare.pathname = bare.pathname.replace(/\/+$/, '');
  const upstream = upstreamOpener(options, newInstanceId(options.random))({ name: bare.host, url: bare });
  const limits = { headerLimitMs: options.config.timeouts.headerMs, maxBodyBytes: MAX_FILE_BYTES };
  return {
    async ask(file, signal) {
      const answer = await upstream.attempt({ method: 'GET', path: remotePath(file), ...limits }, signal);
      if (answer.kind === 'other') {
        const { cause, detail } = answer.outcome;
        return { why: answer.words ?? detail, nobody: UNANSWERED.has(cause) };
      }
      const why = await readBody(answer, signal, () => undefined);
      return why === undefined ? undefined : { why, nobody: false };
    },
    close: () => upstream.close(),
  };
}
