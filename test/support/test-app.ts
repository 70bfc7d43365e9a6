import { createApp, type App, type AppOptions } from '../../src/app.ts';
import { systemClock } from '../../src/kit/clock.ts';
import { configUser } from './config-user.ts';
import { reverseCleanup } from './rondo-process.ts';
import type { Cleanup } from './temp-folder.ts';

/** What a test's App differs in from the others. */
export type TestAppOptions = Partial<Omit<AppOptions, 'config' | 'readConfig'>> & {
  /** Asked whenever the configuration is read: with `reload` too. */
  readonly env: () => Readonly<Record<string, string>>;
  /** Of the user's home: name -> content. */
  readonly files?: Readonly<Record<string, string>>;
};

/** An App inside this process, with a user and a copy of its own. It ends with the test, before its folders go. */
export async function testApp(
  context: Cleanup,
  { env, files = {}, ...options }: TestAppOptions,
): Promise<App> {
  const t = reverseCleanup(context);
  const { load, write } = await configUser(t);
  for (const [path, content] of Object.entries(files)) await write(path, content);
  const readConfig = (): ReturnType<typeof load> => load({ env: env() });
  const app = await createApp({
    config: await readConfig(),
    readConfig,
    version: '1.2.3',
    offline: false,
    clock: systemClock,
    random: () => 0.5,
    logRequests: false,
    keepsHistory: false,
    ...options,
  });
  t.after(() => app.force());
  return app;
}
