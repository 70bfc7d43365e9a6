import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A loopback port that is this process's own even while nothing listens on it. */
export type ReservedPort = { readonly port: number; release(): void };

/**
 * Reserves a free port of 127.0.0.1. A client socket is bound to it, so that the kernel gives the port to
 * nobody else, while a server of this process, or of another that is told of it, may listen on it, stop (connects are
 * then refused) and listen again. This holds on Linux, whose SO_REUSEADDR allows both; elsewhere the port is merely a free one.
 */
export async function reservePort(): Promise<ReservedPort> {
  const anchor = createServer();
  anchor.listen(0, '127.0.0.1');
  await once(anchor, 'listening');
  const { port: anchorPort } = anchor.address() as AddressInfo;
  if (process.platform !== 'linux') {
    anchor.close();
    return { port: anchorPort, release: () => {} };
  }
  const accepted = once(anchor, 'connection');
  const holder = connect({ port: anchorPort, host: '127.0.0.1', localAddress: '127.0.0.1', localPort: 0 });
  const [[peer]] = (await Promise.all([accepted, once(holder, 'connect')])) as [[Socket], unknown];
  anchor.close();
  const { localPort: port } = holder;
  if (port === undefined) throw new Error('the reserving socket has no port');
  for (const socket of [holder, peer]) socket.on('error', () => {}).unref();
  return { port, release: () => void holder.resetAndDestroy() };
}
