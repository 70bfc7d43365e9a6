import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Alerts } from '../../src/alerts/alerts.ts';
import { createBus, type Bus } from '../../src/events/bus.ts';
import type { MirrorView } from '../../src/mirrors/mirror-view.ts';
import { openAlerts } from '../../src/open-alerts.ts';
import { configUser, type ConfigUser } from '../support/config-user.ts';
import { happens } from '../support/happens.ts';
import { reverseCleanup } from '../support/rondo-process.ts';
import type { Cleanup } from '../support/temp-folder.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

/** What a receiver was sent. */
export type Posted = { readonly headers: IncomingHttpHeaders; readonly body: string };

/** A webhook whose answers a test chooses; 204 unless it does. */
export type WebhookServer = {
  readonly url: string;
  readonly posted: readonly Posted[];
  /** What is done with the next requests, one each. */
  readonly script: ((response: ServerResponse) => void)[];
  /** As soon as so many have come in all. */
  come(count: number): Promise<readonly Posted[]>;
};

/** Starts one on a free loopback port; it ends with the test. */
export async function startWebhook(t: Cleanup): Promise<WebhookServer> {
  const posted: Posted[] = [];
  const script: ((response: ServerResponse) => void)[] = [];
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      posted.push({ headers: request.headers, body: Buffer.concat(pieces).toString() });
      const act = script.shift() ?? ((answer: ServerResponse) => answer.writeHead(204).end());
      act(response);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    posted,
    script,
    async come(count) {
      const what = (): string => `${count} requests at the webhook; there were ${posted.length}`;
      await happens(() => posted.length >= count, what);
      return posted;
    },
  };
}

/** The type of an alert and how-manieth it is: `mirror-down.firing a 1`. */
export function titleOf(text: string): string {
  const { type, data } = JSON.parse(text) as { type: string; data: { subject: string; count: number } };
  return `${type} ${data.subject} ${data.count}`;
}

/** The server that an alert names. */
export function serverOf(text: string): string {
  return (JSON.parse(text) as { data: { server: string } }).data.server;
}

/** Undefined: it is not known any more. */
type SomeOfView = { [Key in keyof MirrorView]?: MirrorView[Key] | undefined };

/** Alerts over mirrors that a test moves, in virtual time; real receivers, files and processes. */
export type AlertWorld = {
  readonly user: ConfigUser;
  readonly clock: VirtualClock;
  readonly bus: Bus;
  /** Notices that were told. */
  readonly told: readonly string[];
  /** Tries to tell a receiver, `webhook taken` or `webhook refused`. */
  readonly tries: readonly string[];
  /** How the mirror `a` stands from now on. */
  mirror(view: SomeOfView): void;
  /** Starts a Rondo's alerts; one that runs is ended first unless it was killed. */
  start(env: Readonly<Record<string, string>>): Promise<void>;
  /** Ends them in order. */
  stop(): Promise<void>;
  /** Lets so many looks go by, 10 s each; of what is told each first try is over. */
  looks(count: number): Promise<void>;
};

/** A world whose mirror `a` is well. */
export async function alertWorld(context: Cleanup): Promise<AlertWorld> {
  const t = reverseCleanup(context);
  const user = await configUser(t);
  const clock = new VirtualClock();
  const bus = createBus((error) => {
    throw error;
  });
  const told: string[] = [];
  const tries: string[] = [];
  let alertsTold = 0;
  bus.subscribe((event) => {
    if (event.type === 'notice') told.push(event.message);
    if (event.type === 'alert') alertsTold += 1;
    if (event.type === 'delivery') tries.push(`${event.receiver} ${event.ok ? 'taken' : 'refused'}`);
  });
  let view: SomeOfView = { name: 'a', status: 'HEALTHY', up: true, why: '' };
  let alerts: Alerts | undefined;
  const stop = async (): Promise<void> => {
    await alerts?.close();
    alerts = undefined;
  };
  t.after(stop);
  return {
    user,
    clock,
    bus,
    told,
    tries,
    mirror(next) {
      const { status = view.status } = next;
      view = { ...view, up: status === 'HEALTHY', ...next };
    },
    async start(env) {
      await stop();
      const config = await user.load({
        env: { GOPROXY: 'https://a.example', RONDO_ALERTS_DISK: '0', ...env },
      });
      alerts = openAlerts(config, {
        bus,
        clock,
        mirrors: { views: () => [view as MirrorView] },
        certificate: () => undefined,
        alertsEnv: { PATH: process.env['PATH'] },
        platform: process.platform,
        offline: false,
      });
      alerts?.start();
      await happens(() => clock.pending > 0);
    },
    stop,
    async looks(count) {
      for (let look = 0; look < count; look += 1) {
        await clock.advance(10_000);
        // Armed again when the look is over.
        await happens(() => clock.pending > 0 && tries.length >= alertsTold);
      }
    },
  };
}
