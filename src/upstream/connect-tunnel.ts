import { request as httpRequest, STATUS_CODES, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import {
  proxyAuthorization,
  ProxyError,
  proxyName,
  wantsCredentials,
  type ProxyServer,
} from './proxy-server.ts';

/**
 * Asks the HTTP proxy at the other end of `line` for a tunnel to `authority` (host:port): RFC 9110, section 9.3.6.
 * Node's parser reads the answer, which is hostile like a mirror's. As for go, only 200 is a yes. Has no limit of
 * time; ends when `line` is destroyed.
 * @throws ProxyError for any other answer; Node's errors for what is no HTTP (HPE_…) and for a broken connection
 */
export async function connectTunnel(line: Socket, proxy: ProxyServer, authority: string): Promise<void> {
  const authorization = proxyAuthorization(proxy);
  const request = httpRequest({
    createConnection: () => line,
    method: 'CONNECT',
    path: authority,
    headers: {
      host: authority,
      ...(authorization === undefined ? {} : { 'proxy-authorization': authorization }),
    },
  });
  // Node would say `close`, which some proxies take for the tunnel's end.
  request.removeHeader('connection');
  const { status } = await new Promise<{ status: number }>((resolve, reject) => {
    // Bytes of a body are dropped, as go drops them: TLS servers do not speak first.
    request.once('connect', ({ statusCode = 0 }: IncomingMessage) => resolve({ status: statusCode }));
    request.on('error', reject);
    request.end();
  });
  if (status !== 200) throw refusal(status, proxy, authority);
}

function refusal(status: number, proxy: ProxyServer, authority: string): ProxyError {
  if (status === 407) return wantsCredentials(proxy);
  const said = `${status} ${STATUS_CODES[status] ?? ''}`.trimEnd();
  const cause = status === 504 ? 'connect-timeout' : 'connect-refused';
  return new ProxyError(cause, `${proxyName(proxy)} does not connect to ${authority}: ${said}`);
}
