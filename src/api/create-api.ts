import type { IncomingMessage } from 'node:http';
import type { Api } from '../http/api-port.ts';
import type { Exchange } from '../http/exchange.ts';
import { type Refusal, whyRefused } from './access.ts';
import { createEventHub } from './event-hub.ts';
import type { Routing } from './fastify-app.ts';
import type { ApiPorts } from './ports.ts';
import { ApiRefusal, sendRefusal } from './refusal.ts';

/** What the API says of itself. */
export type ApiIdentity = { readonly version: string; readonly basePath: string };

/**
 * The API over its ports. Who may not ask is refused before anything is loaded or read; Fastify is loaded by the first
 * who may.
 */
export function createApi(ports: ApiPorts, identity: ApiIdentity): Api {
  const hub = createEventHub(ports);
  const exchanges = new WeakMap<IncomingMessage, Exchange>();
  const exchangeOf = (request: IncomingMessage): Exchange => {
    const exchange = exchanges.get(request);
    if (exchange === undefined) throw new Error('a request that no server has taken');
    return exchange;
  };
  const refusalOf = ({ request }: Exchange): Refusal | undefined => {
    const { method = '', headers, socket, httpVersion } = request;
    const caller = { method, headers, address: socket.remoteAddress ?? '', httpVersion };
    return whyRefused(caller, ports.token());
  };
  const mayAsk = (exchange: Exchange): boolean => refusalOf(exchange) === undefined;
  let loading: Promise<Routing> | undefined;
  const load = async (): Promise<Routing> => {
    const { createRouting } = await import('./fastify-app.ts');
    return createRouting({ ports, hub, exchangeOf, mayAsk, ...identity });
  };
  return {
    async take(exchange, target) {
      const { request, response } = exchange;
      const refusal = refusalOf(exchange);
      if (refusal !== undefined)
        return sendRefusal(exchange, new ApiRefusal(refusal.status, refusal.message, refusal.hint));
      try {
        const routing = await (loading ??= load());
        if (exchange.closed) return;
        if (request.headers.expect !== undefined) response.writeContinue();
        exchanges.set(request, exchange);
        request.url = target;
        routing(request, response);
      } catch (thrown) {
        sendRefusal(exchange, thrown);
      }
    },
    mayAsk,
    end: () => hub.end(),
  };
}
