import { existsSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, extname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { historyIn, mirrorsIn } from '../../src/api/in-language.ts';
import { originText } from '../../src/config/origin-text.ts';
import { languageOf, tableOf } from '../../src/words/language.ts';
import { render } from '../../src/words/render.ts';
import type { Cleanup } from '../support/temp-folder.ts';
import type { Scene } from './scene.ts';

/** A server with the built page and answers of a scene, for states that a real Rondo is seldom in. */
export type MadeUpRondo = {
  readonly url: string;
  /** What is answered from now on. */
  scene: Scene;
  /** Only this token is taken; undefined as on loopback. */
  token: string | undefined;
  /** Every changing call so far. */
  readonly orders: { readonly path: string; readonly body: unknown }[];
  /** Every path that was asked for. */
  readonly asked: string[];
  /** Paths below /-/api/ that are answered with an error, of this status. */
  readonly failing: Map<string, number>;
  /** Sends an event to every page. */
  send(name: string, data: object): void;
  /** Breaks all connections, and refuses new ones until `start`. */
  stop(): Promise<void>;
  start(): Promise<void>;
};

/** The policy under which the page must work. */
export const POLICY = "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Starts one with the page that lies built in `pageFolder`; it ends with `t`. */
export async function startMadeUpRondo(t: Cleanup, pageFolder: string, scene: Scene): Promise<MadeUpRondo> {
  const listeners = new Set<ServerResponse>();
  let server: Server | undefined;
  let port = 0;
  const rondo: { -readonly [Key in keyof MadeUpRondo]: MadeUpRondo[Key] } = {
    url: '',
    scene,
    token: undefined,
    orders: [],
    asked: [],
    failing: new Map(),
    send: (name, data) => listeners.forEach((response) => writeEvent(response, name, data)),
    async stop() {
      const old = server;
      server = undefined;
      old?.closeAllConnections();
      await new Promise((resolve) => (old === undefined ? resolve(undefined) : old.close(resolve)));
    },
    async start() {
      const own = createServer((request, response) => void answer(request, response));
      await new Promise<void>((resolve) => own.listen(port, '127.0.0.1', resolve));
      ({ port } = own.address() as AddressInfo);
      server = own;
    },
  };
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    rondo.asked.push(url.pathname + url.search);
    if (!url.pathname.startsWith('/-/api/')) return sendFile(response, pageFolder, url.pathname);
    if (rondo.token !== undefined && request.headers.authorization !== `Bearer ${rondo.token}`)
      return sendJson(
        response,
        { status: 401, message: 'a token is needed', hint: 'set [server] admin_token' },
        401,
      );
    const path = url.pathname.slice('/-/api/'.length);
    const status = rondo.failing.get(path);
    if (status !== undefined)
      return sendJson(response, { status, message: 'the disk is on fire', hint: 'rondo doctor' }, status);
    const scene = await sceneFor(rondo.scene, request);
    if (request.method === 'POST') {
      rondo.orders.push({ path, body: JSON.parse(await text(request)) });
      return sendJson(response, afterOrder(path, scene));
    }
    if (path !== 'events') return sendJson(response, answerOf(path, url.searchParams, scene));
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    listeners.add(response);
    response.on('close', () => listeners.delete(response));
    for (const name of ['status', 'mirrors', 'flights'] as const) writeEvent(response, name, scene[name]);
  };
  await rondo.start();
  rondo.url = `http://127.0.0.1:${port}/`;
  t.after(() => rondo.stop());
  return rondo;
}

/** What is answered, in the language that the page asks for. */
async function sceneFor(scene: Scene, { headers }: IncomingMessage): Promise<Scene> {
  const table = await tableOf(languageOf({}, headers['accept-language']));
  const { mirrors, history, config } = scene;
  const values = config.values.map(({ origin, ...rest }) => ({
    ...rest,
    origin: render(originText(origin), table),
  }));
  return {
    ...scene,
    mirrors: mirrorsIn(mirrors, table),
    history: historyIn(history, table),
    config: { ...config, values },
  };
}

function writeEvent(response: ServerResponse, name: string, data: object): void {
  response.write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
}

function sendJson(response: ServerResponse, body: object, status = 200): void {
  const type = status === 200 ? 'application/json' : 'application/problem+json';
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(JSON.stringify(body));
}

function sendFile(response: ServerResponse, folder: string, path: string): void {
  const file = join(folder, path === '/' ? 'index.html' : basename(path));
  if ((path !== '/' && !path.startsWith('/-/ui/')) || !existsSync(file)) {
    response.writeHead(404).end();
    return;
  }
  response
    .writeHead(200, {
      'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
      'content-security-policy': POLICY,
      'x-content-type-options': 'nosniff',
    })
    .end(readFileSync(file));
}

function afterOrder(path: string, scene: Scene): object {
  if (path === 'doctor') return scene.findings;
  if (path === 'purge') return { removed: 3, bytes: 96_496 };
  if (path === 'reload')
    return {
      result: 'applied',
      changed: ['cache.max_size'],
      needsRestart: ['server.listen'],
      warnings: ['tls is off'],
    };
  return scene.mirrors;
}

function answerOf(path: string, query: URLSearchParams, scene: Scene): object {
  switch (path) {
    case 'history':
      return scene.history;
    case 'config':
      return scene.config;
    case 'modules': {
      const [path = '', wanted = ''] = (query.get('search') ?? '').toLowerCase().split('@');
      const after = query.get('after') ?? '';
      const found = scene.modules.filter(
        ({ module, files }) =>
          module.toLowerCase().includes(path) &&
          files.some(({ version }) => version.includes(wanted)) &&
          module > after,
      );
      const modules = found.slice(0, Number(query.get('limit')));
      return { modules, ...(modules.length < found.length ? { next: modules.at(-1)?.module } : {}) };
    }
    case 'modules/versions': {
      const module = query.get('module') ?? '';
      return { module, versions: scene.modules.find((row) => row.module === module)?.files ?? [] };
    }
    default:
      return {};
  }
}
