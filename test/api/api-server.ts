import { createServer } from 'node:http';
import type { App } from '../../src/app.ts';
import { listen } from '../support/raw-server.ts';
import type { Cleanup } from '../support/temp-folder.ts';
import { testApp } from '../support/test-app.ts';

/** An App with an API, before a mirror that has whatever is asked for. */
export type ApiServer = {
  readonly app: App;
  readonly url: string;
  readonly mirror: string;
  /** Has it read its configuration again, with these variables and no others. */
  readonly reload: (env: Readonly<Record<string, string>>) => Promise<void>;
};

/** The token of such an App, where it has one. */
export const TOKEN = 'a-token-for-these-tests-0123456789';

/** Starts one on a free loopback port; it ends with the test. */
export async function apiServer(t: Cleanup, env: Readonly<Record<string, string>> = {}): Promise<ApiServer> {
  const server = createServer((request, response) => {
    if (request.url?.endsWith('.mod') === true) response.end('module example.com/m\n');
    else if (request.url?.endsWith('.info') === true)
      response.end('{"Version":"v1.0.0","Time":"2026-01-01T00:00:00Z"}');
    else response.end('v1.0.0\n');
  });
  const { url: mirror } = await listen(t, server, [], '127.0.0.1', 'http');
  let variables = env;
  const app = await testApp(t, {
    env: () => ({ GOPROXY: mirror.href, GOSUMDB: 'off', ...variables }),
    version: '0.0.0',
    keepsHistory: true,
  });
  const { url } = await app.listen('127.0.0.1', 0);
  const reload = async (next: Readonly<Record<string, string>>): Promise<void> => {
    variables = next;
    const done = await app.reload?.('an order');
    if (done?.kind !== 'done') throw new Error('not read again');
  };
  return { app, url, mirror: mirror.host, reload };
}
