import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { Cleanup } from './temp-folder.ts';

/** More connections than the accept queue of the worker's listener holds, and the time to fill it. */
const FILLERS = 6;
const FILLING_MS = 1500; // A dropped SYN is sent again after a second.

/**
 * A port of `host` to which no connection ever comes about, as behind a firewall that drops packets: the accept
 * queue of its listener is full and nobody empties it. Default: any free port.
 */
export async function startBlackHole(t: Cleanup, host: string, wanted = 0): Promise<number> {
  const worker = new Worker(new URL('./black-hole-worker.ts', import.meta.url), {
    workerData: { host, port: wanted },
  });
  const [port] = (await once(worker, 'message')) as [number];
  const fillers: Socket[] = [];
  t.after(async () => {
    for (const filler of fillers) filler.destroy();
    await worker.terminate();
  });
  for (let count = 0; count < FILLERS; count += 1) {
    fillers.push(connect({ port, host }).on('error', () => undefined));
  }
  await pause(FILLING_MS);
  if (!fillers.some((filler) => filler.connecting)) throw new Error('this machine takes every connection');
  return port;
}
