import { connect, type Socket } from 'node:net';
import { createSecureContext, createServer, type SecureContext } from 'node:tls';
import { createAuthority, type Authority } from './certificates.ts';
import { startForwardProxy } from './forward-proxy.ts';
import { startMirror } from './mirror-process.ts';
import type { MirrorWorld } from './mirror-server.ts';
import { listen } from './raw-server.ts';
import type { Cleanup } from './temp-folder.ts';

/** What stands in for the public mirrors: a proxy for HTTPS_PROXY behind which they are all well. */
export type PublicMirrors = {
  /** A value for HTTPS_PROXY. */
  readonly proxyUrl: string;
  /** Whoever trusts it believes that the stand-ins are the public mirrors. */
  readonly authority: Authority;
  /** `host:port` of every connection that was asked for. */
  readonly asked: () => string[];
};

/** What is behind the proxy. */
export type Reachable = {
  /** What every host has at port 443 that is not named here. */
  readonly world: MirrorWorld;
  /** What single hosts have there. */
  readonly hosts: Readonly<Record<string, MirrorWorld & { readonly basePath?: string }>>;
  /** The loopback port behind `host:port`, for other places. */
  readonly portOf: (place: string) => number | undefined;
};

/** Serves mirrors on loopback as hosts of the Internet. Nothing else is reached through the proxy: it says 502. */
export async function startPublicMirrors(
  t: Cleanup,
  { world, hosts, portOf }: Reachable,
): Promise<PublicMirrors> {
  const authority = createAuthority();
  const open = async (name: string, served: MirrorWorld): Promise<number> => {
    const mirror = await startMirror({ ...served, name }, t);
    return startTlsDoor(t, authority, mirror.port);
  };
  const doors = new Map<string, number>();
  for (const [host, served] of Object.entries(hosts)) doors.set(host, await open(host, served));
  const everybody = await open('public', world);
  const proxy = await startForwardProxy(t, {
    portOf: (place) => {
      const [host = '', port] = place.split(':');
      return portOf(place) ?? (port === '443' ? (doors.get(host) ?? everybody) : undefined);
    },
  });
  return {
    proxyUrl: `http://127.0.0.1:${proxy.port}`,
    authority,
    asked: () => proxy.requests.map(({ target }) => target),
  };
}

/** A TLS server on loopback in front of a plain one, with a certificate for whichever name it is asked. */
async function startTlsDoor(t: Cleanup, authority: Authority, port: number): Promise<number> {
  const sockets: Socket[] = [];
  const contexts = new Map<string, SecureContext>();
  const contextFor = (host: string): SecureContext => {
    const { certPem, keyPem } = authority.issue([host]);
    return createSecureContext({ cert: certPem, key: keyPem });
  };
  const server = createServer({
    SNICallback: (host, done) => {
      const context = contexts.get(host) ?? contextFor(host);
      contexts.set(host, context);
      done(null, context);
    },
  });
  server.on('connection', (socket: Socket) => sockets.push(socket.on('error', () => undefined)));
  server.on('secureConnection', (client) => {
    const onward = connect({ port, host: '127.0.0.1' });
    sockets.push(onward.on('error', () => client.destroy()));
    client.on('error', () => onward.destroy());
    client.pipe(onward).pipe(client);
  });
  return (await listen(t, server, sockets, '127.0.0.1', 'https')).port;
}
