import type { App } from '../../src/app.ts';
import type { RondoEvent } from '../../src/events/events.ts';
import { standardWorld } from '../support/fixture-world.ts';
import { createMirrorServer, type Mirror } from '../support/mirror-server.ts';
import { reverseCleanup } from '../support/rondo-process.ts';
import type { Cleanup } from '../support/temp-folder.ts';
import { testApp } from '../support/test-app.ts';

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
  const second = `[mirror "second"]\nurl = ${good.url}\ntier = 1\n`;
  const app = await testApp(t, {
    env: () => ({ GOSUMDB: 'off', RONDO_EARLY_AT_ONCE: '0', ...env }),
    files: { '.config/rondo/.goproxy': `proxy = ${bad.url},${good.url}\n${second}` },
    version: '9.8.7',
  });
  const events: RondoEvent[] = [];
  app.bus.subscribe((event) => events.push(event));
  const { url } = await app.listen('127.0.0.1', 0);
  return { app, url, bad, good, events };
}
