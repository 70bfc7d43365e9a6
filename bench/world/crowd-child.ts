/** The program of a crowd's process: see crowd.ts. */
import { get } from 'node:http';
import { readFile } from 'node:fs/promises';
import { obeyParent } from './child-program.ts';
import type { Crowd, CrowdResult } from './crowd.ts';

obeyParent(async ({ url, clients, expectedFile, limitMs }: Crowd): Promise<CrowdResult> => {
  const expected = await readFile(expectedFile);
  const signal = AbortSignal.timeout(limitMs);
  const startMs = performance.now();
  const ends = await Promise.all(Array.from({ length: clients }, () => download(url, expected, signal)));
  const failed = Map.groupBy(
    ends.filter((end) => end !== 'served'),
    (end) => end,
  );
  return {
    served: ends.filter((end) => end === 'served').length,
    errors: Object.fromEntries([...failed].map(([words, all]) => [words, all.length])),
    tookMs: performance.now() - startMs,
  };
});

/** Compares what comes with `expected` as it comes: exact as a hash is, and cheaper for a thousand of them. */
function download(url: string, expected: Buffer, signal: AbortSignal): Promise<string> {
  return new Promise((resolve) => {
    const sent = get(url, { agent: false, signal }, (response) => {
      let at = 0;
      let isSame = response.statusCode === 200;
      response.on('data', (piece: Buffer) => {
        isSame &&=
          at + piece.length <= expected.length &&
          expected.compare(piece, 0, piece.length, at, at + piece.length) === 0;
        at += piece.length;
      });
      response.on('end', () => {
        if (response.statusCode !== 200) resolve(`status ${response.statusCode}`);
        else resolve(isSame && at === expected.length ? 'served' : 'other bytes');
      });
      response.on('error', (error) => resolve(error.message));
    });
    sent.on('error', (error) => resolve(error.message));
  });
}
