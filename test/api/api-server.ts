import { createServer } from 'node:http';
import { createApp, type App } from '../../src/app.ts';
import type { Config } from '../../src/config/config.ts';
import { systemClock } from '../../src/kit/clock.ts';
import { configUser } from '../support/config-user.ts';
import { listen } from '../support/raw-server.ts';
import type { Cleanup } from '../support/temp-folder.ts';

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
  const { load } = await configUser(t);
  let variables = env;
  const read = (): Promise<Config> => load({ env: { GOPROXY: mirror.href, GOSUMDB: 'off', ...variables } });
  const config = await read();
  const app = await createApp({
    config,
    readConfig: read,
    version: '0.0.0',
    offline: false,
    clock: systemClock,
    random: () => 0.5,
    logRequests: false,
    keepsHistory: true,
  });
  t.after(() => app.force());
  const { url } = await app.listen('127.0.0.1', 0);
  const reload = async (next: Readonly<Record<string, string>>): Promise<void> => {
    variables = next;
    const done = await app.reload?.('an order');
    if (done?.kind !== 'done') throw new Error('not read again');
  };
  return { app, url, mirror: mirror.host, reload };
}
