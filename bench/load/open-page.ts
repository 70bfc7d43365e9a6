import { get, type IncomingMessage } from 'node:http';
import type { Clock, Timer } from '../../src/kit/clock.ts';
import type { Cleanup } from '../../test/support/temp-folder.ts';

/** What an open dashboard asks for again and again: dashboard/sections/levels.tsx and mirrors.tsx. */
const ASKED = ['/-/api/history?since=24h&parts=96', '/-/api/history?since=24h&parts=48'];
const EVERY_MS = 30_000;

/** A dashboard that is open in a browser, but for the browser. */
export type OpenPage = {
  /** @throws Error if its stream of live data has ended by now, or an answer was not 200 */
  check(): void;
};

/**
 * Reads the live data of the Rondo at `url`, and asks every 30 s for what the page asks for, until the cleanup. Rejects
 * where there is no live data.
 */
export async function openPage(url: string, clock: Clock, cleanup: Cleanup): Promise<OpenPage> {
  let problem: Error | undefined;
  let timer: Timer | undefined;
  let isOpen = true;
  const fail = (what: string): void => {
    if (isOpen) problem ??= new Error(`the open page: ${what}`);
  };
  const stream = await ask(`${url}/-/api/events`);
  cleanup.after(async () => {
    isOpen = false;
    timer?.cancel();
    stream.destroy();
  });
  stream.on('error', (error) => fail(error.message));
  stream.on('close', () => fail('its stream of live data has ended'));
  stream.resume();
  const askAll = (): void => {
    for (const path of ASKED)
      ask(url + path).then(
        (answer) => answer.resume(),
        (error: unknown) => fail(String(error)),
      );
    timer = clock.after(EVERY_MS, askAll, { background: true });
  };
  askAll();
  return {
    check() {
      if (problem !== undefined) throw problem;
    },
  };
}

/** The answer, once its head is there. Rejects where that is not 200. */
function ask(url: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent: false }, (response) => {
      if (response.statusCode === 200) return resolve(response);
      response.resume();
      reject(new Error(`${url}: ${response.statusCode}`));
    });
    request.on('error', reject);
  });
}
