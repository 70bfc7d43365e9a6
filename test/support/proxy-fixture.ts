import type { RondoEvent } from '../../src/events/events.ts';
import type { RemoteFile } from '../../src/gomod/module-file.ts';
import type { Admin, Answer, IncomingContext, ServerSettings } from '../../src/http/port.ts';
import { createServer, type ProxyServer, type ServerParts } from '../../src/http/server.ts';
import { systemClock } from '../../src/kit/clock.ts';
import type { Cleanup } from './temp-folder.ts';

/** One request event. */
export type RequestEvent = Extract<RondoEvent, { type: 'request' }>;

/** A running server of the room http whose use cases are the test's. */
export type ProxyFixture = {
  readonly proxy: ProxyServer;
  /** Without a trailing slash, with the base path. */
  readonly url: string;
  readonly port: number;
  readonly events: readonly RondoEvent[];
  /** What `answer` was asked, in order. */
  readonly asked: readonly { readonly file: RemoteFile; readonly context: IncomingContext }[];
  /** The first `count` request events, as soon as they have been told. */
  readonly requests: (count: number) => Promise<RequestEvent[]>;
};

/** Rondo's own pages of a Rondo that is well. */
export const WELL: Admin = {
  ready: () => Promise.resolve({ ready: true, why: '' }),
  chainEnd: () => ',direct',
  metrics: () => Promise.resolve({ contentType: 'text/plain; version=0.0.4', text: 'rondo_up 1\n' }),
  lastAnswerMs: () => Date.UTC(2026, 0, 1),
  version: '1.2.3',
};

/** Small enough to be exceeded. */
export const SERVER_SETTINGS: ServerSettings = { urlBytes: 2048, headerBytes: 8192, errorsAs404: false };

/** What a test varies. */
export type ServerChanges = Partial<Omit<ServerParts, 'settings'>> & {
  readonly settings?: Partial<ServerSettings>;
};

/** Starts a server on a free loopback port; it ends with the test. */
export async function startProxy(
  t: Cleanup,
  answer: Answer,
  { settings = {}, ...changes }: ServerChanges = {},
): Promise<ProxyFixture> {
  const events: RondoEvent[] = [];
  const asked: { file: RemoteFile; context: IncomingContext }[] = [];
  let wake: () => void = () => undefined;
  const proxy = createServer({
    answer: (file, context) => {
      asked.push({ file, context });
      return answer(file, context);
    },
    admin: WELL,
    databases: () => ['sum.example.org'],
    instanceId: 'test1',
    basePath: '',
    settings: { ...SERVER_SETTINGS, ...settings },
    emit: (event) => {
      events.push(event);
      wake();
    },
    clock: systemClock,
    ...changes,
  });
  t.after(() => proxy.force());
  const { url, port } = await proxy.listen('127.0.0.1', 0);
  return {
    proxy,
    url,
    port,
    events,
    asked,
    async requests(count) {
      for (;;) {
        const told = events.filter((event) => event.type === 'request');
        if (told.length >= count) return told.slice(0, count);
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}
