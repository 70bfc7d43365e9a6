import { createServer, type Server } from 'node:net';
import { messageOf, RondoError } from '../errors/rondo-error.ts';
import { originOf, type Address } from '../kit/address.ts';
import { say } from '../words/text.ts';

/** How many ports after an occupied one are tried before none is recommended. */
const PORTS_TO_TRY = 20;
/**
 * How many connections may wait to be accepted. The kernel caps it at its own limit; with Node's default of 511
 * a client beyond that comes in seconds later, when it repeats its SYN.
 */
const BACKLOG = 4096;

/** Which protocol is spoken behind an address. */
export type Scheme = 'http' | 'https';

/** Where a server listens. `url` has neither a path nor a trailing slash, and can be dialled. */
export type Listening = Address & { readonly url: string };

/**
 * Listens at `host` and `port` (0: any free one). Rejects with RondoError E_PORT_IN_USE, whose hint names a
 * port that is free, or E_LISTEN.
 */
export async function listenAt(
  server: Server,
  host: string,
  port: number,
  scheme: Scheme,
): Promise<Listening> {
  try {
    const bound = await tryListen(server, host, port);
    return { ...bound, url: originOf(scheme, bound) };
  } catch (cause) {
    throw await listenError(cause, host, port);
  }
}

function tryListen(server: Server, host: string, port: number): Promise<Address> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port, backlog: BACKLOG }, () => {
      server.off('error', reject);
      const address = server.address();
      if (address === null || typeof address === 'string') {
        reject(new Error('not a TCP address'));
        return;
      }
      resolve({ host: address.address, port: address.port });
    });
  });
}

async function listenError(cause: unknown, host: string, port: number): Promise<RondoError> {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  switch (code) {
    case 'EADDRINUSE': {
      const free = await freePortAfter(host, port);
      return new RondoError(
        'E_PORT_IN_USE',
        say('port {port} on {host} is in use by another program', { port, host }),
        {
          hint:
            free === undefined ? say('take --port 0 (any free port)') : say('take --port {free}', { free }),
          cause,
        },
      );
    }
    case 'EACCES':
      return new RondoError(
        'E_LISTEN',
        say('not allowed to listen on port {port} of {host}', { port, host }),
        {
          hint: say('ports below 1024 need special rights: take a higher one with --port'),
          cause,
        },
      );
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new RondoError('E_LISTEN', say('{host} is not an address of this machine', { host }), {
        hint: say('take --host 127.0.0.1 for this machine alone, --host 0.0.0.0 for the network'),
        cause,
      });
    default:
      return new RondoError(
        'E_LISTEN',
        say('cannot listen on port {port} of {host}: {why}', { port, host, why: messageOf(cause) }),
        {
          hint: say('choose another address with --host and --port'),
          cause,
        },
      );
  }
}

async function freePortAfter(host: string, port: number): Promise<number | undefined> {
  for (let next = port + 1; next <= Math.min(port + PORTS_TO_TRY, 65_535); next += 1) {
    const server = createServer();
    try {
      await tryListen(server, host, next);
      return next;
    } catch {
      // Occupied too: the next one.
    } finally {
      server.close();
    }
  }
  return undefined;
}
