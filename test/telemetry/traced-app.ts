import { createApp, type App } from '../../src/app.ts';
import type { RondoEvent } from '../../src/events/events.ts';
import { systemClock } from '../../src/kit/clock.ts';
import { configUser } from '../support/config-user.ts';
import { standardWorld } from '../support/fixture-world.ts';
import { createMirrorServer, type Mirror } from '../support/mirror-server.ts';
import { reverseCleanup } from '../support/rondo-process.ts';
import type { Cleanup } from '../support/temp-folder.ts';

/** A Rondo whose first mirror answers 503, and whose second is well. */
export async function startApp(
  context: Cleanup,
  env: Readonly<Record<string, string>>,
): Promise<{ app: App; url: string; bad: Mirror; good: Mirror; events: RondoEvent[] }> {
  const t = reverseCleanup(context);
  const world = await standardWorld();
  const [bad, good] = await Promise.all([createMirrorServer(world), createMirrorServer(world)]);
  t.after(async () => void (await Promise.all([bad.stop(), good.stop()])));
  await bad.setFault({ kind: 'status', status: 503 });
  const { write, load } = await configUser(t);
  const second = `[mirror "second"]\nurl = ${good.url}\ntier = 1\n`;
  await write('.config/rondo/.goproxy', `proxy = ${bad.url},${good.url}\n${second}`);
  const config = await load({ env: { GOSUMDB: 'off', RONDO_EARLY_AT_ONCE: '0', ...env } });
  const app = await createApp({
    config,
    version: '9.8.7',
    offline: false,
    clock: systemClock,
    random: () => 0.5,
    logRequests: false,
    keepsHistory: false,
  });
  t.after(() => app.force());
  const events: RondoEvent[] = [];
  app.bus.subscribe((event) => events.push(event));
  const { url } = await app.listen('127.0.0.1', 0);
  return { app, url, bad, good, events };
}
