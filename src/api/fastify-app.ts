import type { IncomingMessage, ServerResponse } from 'node:http';
import { fastify, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Exchange } from '../http/exchange.ts';
import { sendHead, sendJson } from '../http/send-whole.ts';
import { tableOf } from '../words/language.ts';
import type { EventHub } from './event-hub.ts';
import { openApiDocument } from './openapi.ts';
import { EVENTS_PATH, OPENAPI_PATH } from './paths.ts';
import type { ApiLanguage, ApiPorts } from './ports.ts';
import { ApiRefusal, sendRefusal } from './refusal.ts';
import { ROUTES, type Route } from './routes.ts';

/** What the application is made of. */
export type FastifyParts = {
  readonly ports: ApiPorts;
  readonly hub: EventHub;
  readonly exchangeOf: (request: IncomingMessage) => Exchange;
  /** By the token of this moment. */
  readonly mayAsk: (exchange: Exchange) => boolean;
  readonly version: string;
  readonly basePath: string;
};

/** No order is longer. */
const MAX_BODY_BYTES = 16 * 1024;
/** Names of mirrors have slashes, escaped. */
const MAX_PARAM_LENGTH = 1024;

/** Answers one request whose URL is below the base path. */
export type Routing = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * The calls of the API. Fastify finds the route and reads the body; answers leave as Rondo's own pages do, so that they
 * are counted and logged like those. Who may ask was settled before.
 */
export async function createRouting(parts: FastifyParts): Promise<Routing> {
  const app = fastify({
    logger: false,
    bodyLimit: MAX_BODY_BYTES,
    exposeHeadRoutes: false,
    return503OnClosing: false,
    trustProxy: false,
    frameworkErrors: (error, request, reply) => refuse(error, request, reply, parts),
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH },
  });
  app.removeContentTypeParser('text/plain');
  app.setErrorHandler((error, request, reply) => refuse(error, request, reply, parts));
  app.setNotFoundHandler((request, reply) => refuse(notFound(request), request, reply, parts));
  for (const route of ROUTES) addRoute(app, route, parts);
  addStream(app, parts);
  const document = openApiDocument(parts.version, parts.basePath);
  app.route({
    method: ['GET', 'HEAD'],
    url: OPENAPI_PATH,
    handler(request, reply) {
      reply.hijack();
      sendJson(parts.exchangeOf(request.raw), document);
    },
  });
  await app.ready();
  return (request, response) => app.routing(request, response);
}

function addRoute(app: FastifyInstance, route: Route, parts: FastifyParts): void {
  app.route({
    method: route.method === 'GET' ? ['GET', 'HEAD'] : 'POST',
    url: route.path,
    handler(request, reply) {
      reply.hijack();
      void answer(route, request, parts);
    },
  });
}

/** Never rejects. */
async function answer(route: Route, request: FastifyRequest, parts: FastifyParts): Promise<void> {
  const exchange = parts.exchangeOf(request.raw);
  try {
    const language = languageOf(request.headers['accept-language']);
    const page = await route.run(
      {
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Fastify's router gives texts by name, and `unknown` to those who have no schema for it.
        params: request.params as Record<string, string>,
        query: { ...(request.query as object) },
        body: request.body ?? {},
        language,
        table: await tableOf(language),
        signal: exchange.signal,
      },
      parts.ports,
    );
    if (!exchange.closed) sendJson(exchange, page);
  } catch (thrown) {
    sendRefusal(exchange, thrown);
  }
}

function addStream(app: FastifyInstance, parts: FastifyParts): void {
  app.get(EVENTS_PATH, (request, reply) => {
    reply.hijack();
    void stream(parts.exchangeOf(request.raw), languageOf(request.headers['accept-language']), parts);
  });
}

/** Never rejects. */
async function stream(
  exchange: Exchange,
  language: ApiLanguage,
  { hub, mayAsk }: FastifyParts,
): Promise<void> {
  exchange.lastOnConnection = true;
  try {
    const table = await tableOf(language);
    if (exchange.closed) return;
    if (!mayAsk(exchange)) throw new ApiRefusal(401, 'the token of this Rondo has just become another one');
    if (!hub.hasRoom()) throw new ApiRefusal(503, 'too many read the events already');
    sendHead(exchange, 200, ['Content-Type', 'text/event-stream', 'Cache-Control', 'no-store']);
    hub.add(exchange.response, { table, mayStay: () => mayAsk(exchange) });
  } catch (thrown) {
    sendRefusal(exchange, thrown);
  }
}

function refuse(thrown: unknown, request: FastifyRequest, reply: FastifyReply, parts: FastifyParts): void {
  reply.hijack();
  const exchange = parts.exchangeOf(request.raw);
  const allowed = thrown instanceof ApiRefusal && thrown.status === 405 ? methodsOf(pathOf(request)) : [];
  sendRefusal(exchange, thrown, allowed.length === 0 ? [] : ['Allow', allowed.join(', ')]);
}

function notFound(request: FastifyRequest): ApiRefusal {
  const isThere = methodsOf(pathOf(request)).length > 0;
  if (isThere) return new ApiRefusal(405, `the method ${request.method} is not allowed here`);
  return new ApiRefusal(404, 'the API has no such call', `GET ${OPENAPI_PATH} describes those it has`);
}

function pathOf({ url }: FastifyRequest): string {
  return url.split('?')[0] ?? '';
}

/** The methods that a path takes. */
function methodsOf(path: string): string[] {
  if (path === EVENTS_PATH) return ['GET'];
  if (path === OPENAPI_PATH) return ['GET', 'HEAD'];
  return ROUTES.filter((route) => isOf(route, path)).flatMap(({ method }) =>
    method === 'GET' ? ['GET', 'HEAD'] : [method],
  );
}

function isOf(route: Route, path: string): boolean {
  const [own, asked] = [route.path.split('/'), path.split('/')];
  return (
    own.length === asked.length && own.every((part, index) => part.startsWith(':') || part === asked[index])
  );
}

/** The first that is asked for; from the client. */
function languageOf(acceptLanguage: string | undefined): ApiLanguage {
  return /^\s*zh\b/i.test(acceptLanguage ?? '') ? 'zh' : 'en';
}
