import { PROBE_FILE } from '../../src/gomod/health-files.ts';
import { onRequests, rawAnswer, startRawServer, type RawServer } from './raw-server.ts';
import type { Cleanup } from './temp-folder.ts';

/** How a mirror answers whoever measures it. */
export type MeasuredMirrorScript = {
  /** A whole answer to the probe; default the right one. */
  readonly probe?: string;
  /** It takes connections and never answers. */
  readonly hangs?: true;
  /** The body of its sync file; 404 where absent. */
  readonly sync?: string;
  /** What it answers for other paths; 404 where absent. */
  readonly files?: Readonly<Record<string, string>>;
};

/** A loopback mirror that `rondo init` and `rondo mirrors` measure; `paths` has what it was asked for. */
export async function startMeasuredMirror(
  t: Cleanup,
  { probe = rawAnswer(200, PROBE_FILE.text), hangs, sync, files = {} }: MeasuredMirrorScript = {},
): Promise<RawServer & { readonly paths: readonly string[] }> {
  const paths: string[] = [];
  const answerTo = (path: string): string => {
    if (path === PROBE_FILE.path) return probe;
    const body = path === '/.well-known/go-proxy-sync' ? sync : files[path];
    return body === undefined ? rawAnswer(404, 'not found\n') : rawAnswer(200, body);
  };
  const server = await startRawServer(t, (socket) =>
    onRequests(socket, (head) => {
      const path = head.split(' ')[1] ?? '';
      paths.push(path);
      if (hangs !== true) socket.write(answerTo(path), 'latin1');
    }),
  );
  return { ...server, paths };
}
