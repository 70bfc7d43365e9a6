import { createHash } from 'node:crypto';
import { Agent, get } from 'node:http';
import { sha256 } from '../e2e/bench.ts';
import type { Cleanup } from '../support/temp-folder.ts';
import type { Wanted } from './liar-world.ts';

/** How one download ended for its client. */
export type Download = {
  readonly wanted: Wanted;
  /** `equal`: whole, and the right bytes by length and SHA-256; `cut`: HTTP itself says that more should have come. */
  readonly end: 'equal' | 'wrong' | 'cut' | 'failed';
  /** What went wrong, for people. */
  readonly said: string;
  readonly sizeBytes: number;
};

/** Clients with kept connections, which end with the test. */
export type Clients = {
  download(wanted: Wanted): Promise<Download>;
  /** All of them, so many at a time, in this order. */
  downloadAll(all: readonly Wanted[], atATime: number): Promise<Download[]>;
  /** Gives all connections up. */
  leave(): void;
};

/** Clients of the proxy at `url`. */
export function createClients(t: Cleanup, url: string): Clients {
  const agent = new Agent({ keepAlive: true });
  t.after(async () => agent.destroy());
  const download = (wanted: Wanted): Promise<Download> => one(url, wanted, agent);
  return {
    download,
    leave: () => agent.destroy(),
    async downloadAll(all, atATime) {
      const queue = all.entries();
      const downloads: Download[] = [];
      const client = async (): Promise<void> => {
        for (const [index, wanted] of queue) downloads[index] = await download(wanted);
      };
      await Promise.all(Array.from({ length: atATime }, client));
      return downloads;
    },
  };
}

const rights = new Map<Buffer, string>();

function rightHash(bytes: Buffer): string {
  const known = rights.get(bytes) ?? sha256(bytes);
  rights.set(bytes, known);
  return known;
}

function one(url: string, wanted: Wanted, agent: Agent): Promise<Download> {
  return new Promise((resolve) => {
    const hash = createHash('sha256');
    let sizeBytes = 0;
    const ended = (end: Download['end'], said = ''): void => resolve({ wanted, end, said, sizeBytes });
    const request = get(url + wanted.path, { agent }, (response) => {
      response.on('data', (piece: Buffer) => {
        sizeBytes += piece.length;
        hash.update(piece);
      });
      response.on('error', (error) => ended('cut', error.message));
      response.on('end', () => {
        if (response.statusCode !== 200) return ended('failed', `status ${response.statusCode}`);
        if (!response.complete) return ended('cut', 'short');
        const equal = sizeBytes === wanted.bytes.length && hash.digest('hex') === rightHash(wanted.bytes);
        ended(equal ? 'equal' : 'wrong');
      });
    });
    // After the headers the response tells it as well, and earlier.
    request.on('error', (error) => ended('failed', error.message));
  });
}

/** How many of `downloads` ended in which way. */
export function countEnds(downloads: readonly Download[]): Record<Download['end'], number> {
  const counts = { equal: 0, wrong: 0, cut: 0, failed: 0 };
  for (const { end } of downloads) counts[end] += 1;
  return counts;
}
