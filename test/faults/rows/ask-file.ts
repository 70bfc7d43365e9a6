import { createHash } from 'node:crypto';
import { get, type Agent, type IncomingMessage } from 'node:http';
import { sha256 } from '../../e2e/bench.ts';
import type { Answered, Ending } from './figures.ts';
import type { AskedFile } from './row-world.ts';
import { sortedLines } from './sorted-lines.ts';

/** How a client asks. */
export type Asking = {
  readonly agent: Agent;
  /** It leaves after so long. */
  readonly patienceMs: number;
  /** Since the load began, in milliseconds. */
  readonly now: () => number;
};

const rights = new Map<Buffer, string>();

function rightHash(bytes: Buffer): string {
  const known = rights.get(bytes) ?? sha256(bytes);
  rights.set(bytes, known);
  return known;
}

/** One request for `file`, due at `dueMs`; never rejects. What comes is hashed and thrown away. */
export function askFile(base: string, file: AskedFile, dueMs: number, asking: Asking): Promise<Answered> {
  const { agent, patienceMs, now } = asking;
  return new Promise((resolve) => {
    let status = 0;
    const end = (ending: Ending, said: string): void => {
      clearTimeout(patience);
      const from = `${file.path}: ${status} ${said}`;
      resolve({ dueMs, tookMs: now() - dueMs, ending, status, said: from });
    };
    const request = get(base + file.path, { agent }, (response) => {
      status = response.statusCode ?? 0;
      receive(response, file, end);
    });
    const patience = setTimeout(() => request.destroy(new Error('the client lost its patience')), patienceMs);
    // After the headers the response tells it as well, and earlier.
    request.on('error', (error) => end('unanswered', error.message));
  });
}

function receive(
  response: IncomingMessage,
  { path, bytes }: AskedFile,
  end: (ending: Ending, said: string) => void,
): void {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  let begin = '';
  response.on('data', (piece: Buffer) => {
    sizeBytes += piece.length;
    hash.update(piece);
    if ((response.statusCode !== 200 || isList(path)) && begin.length < 500) begin += piece.toString();
  });
  response.on('error', (error) => end('cut', error.message));
  response.on('end', () => {
    const { statusCode = 0 } = response;
    if (statusCode === 404 || statusCode === 410) return end('not-found', begin);
    if (statusCode !== 200) return end('failed', begin);
    if (!response.complete) return end('cut', 'short');
    const right =
      bytes !== undefined &&
      (isList(path)
        ? sortedLines(begin) === sortedLines(bytes.toString())
        : sizeBytes === bytes.length && hash.digest('hex') === rightHash(bytes));
    return end(right ? 'right' : 'wrong', `${sizeBytes} bytes`);
  });
}

function isList(path: string): boolean {
  return path.endsWith('/@v/list');
}
