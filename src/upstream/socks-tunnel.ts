import { isIPv4, isIPv6, type Socket } from 'node:net';
import { ProxyError, proxyName, wantsCredentials, type ProxyServer } from './proxy-server.ts';

const VERSION = 5;
const NO_CREDENTIALS = 0;
const USERNAME_PASSWORD = 2;

/** RFC 1928, section 6. */
const REPLIES: readonly string[] = [
  'succeeded',
  'general failure',
  'not allowed by its rules',
  'network unreachable',
  'host unreachable',
  'connection refused',
  'TTL expired',
  'command not supported',
  'address type not supported',
];

/**
 * Asks the SOCKS 5 proxy at the other end of `line` for a tunnel: RFC 1928, credentials by RFC 1929. Names are left
 * to the proxy for socks5 and socks5h alike, as go does. Own code, since undici's is bound to an agent of its own,
 * with one limit for everything. Has no limit of time; ends when `line` is destroyed.
 * @throws ProxyError for a refusal or what is no SOCKS; the socket's error
 */
export async function socksTunnel(
  line: Socket,
  proxy: ProxyServer,
  target: { readonly hostname: string; readonly port: number },
): Promise<void> {
  const methods = proxy.credentials === undefined ? [NO_CREDENTIALS] : [NO_CREDENTIALS, USERNAME_PASSWORD];
  line.write(Buffer.from([VERSION, methods.length, ...methods]));
  const [version, method = 0xff] = await take(line, 2);
  if (version !== VERSION) throw noSocks(proxy);
  if (method === USERNAME_PASSWORD && proxy.credentials !== undefined) await logIn(line, proxy);
  else if (method !== NO_CREDENTIALS) throw wantsCredentials(proxy);

  const port = [target.port >> 8, target.port & 0xff];
  line.write(Buffer.from([VERSION, 1, 0, ...address(target.hostname), ...port]));
  const [again, reply = 1, , kind] = await take(line, 4);
  if (again !== VERSION) throw noSocks(proxy);
  if (reply !== 0) {
    const said = REPLIES[reply] ?? `reply ${reply}`;
    throw new ProxyError(
      'connect-refused',
      `${proxyName(proxy)} does not connect to ${target.hostname}:${target.port}: ${said}`,
    );
  }
  // The address that the proxy uses: of no interest, but the tunnel begins behind it.
  const length = kind === 1 ? 4 : kind === 4 ? 16 : kind === 3 ? ((await take(line, 1))[0] ?? 0) : undefined;
  if (length === undefined) throw noSocks(proxy);
  await take(line, length + 2);
}

async function logIn(line: Socket, proxy: ProxyServer): Promise<void> {
  const { username = '', password = '' } = proxy.credentials ?? {};
  const fields = [username, password].map((each) => Buffer.from(each));
  // A length is one byte.
  if (fields.some(({ length }) => length > 255)) throw wantsCredentials(proxy);
  line.write(
    Buffer.concat([Buffer.from([1]), ...fields.flatMap((each) => [Buffer.from([each.length]), each])]),
  );
  const [, status] = await take(line, 2);
  if (status !== 0) throw wantsCredentials(proxy);
}

function address(hostname: string): number[] {
  if (isIPv4(hostname)) return [1, ...hostname.split('.').map(Number)];
  if (isIPv6(hostname)) return [4, ...ipv6Bytes(hostname)];
  // No longer than 253: `hostname` is a URL's, and names that DNS cannot have fail at the proxy.
  const name = Buffer.from(hostname).subarray(0, 255);
  return [3, name.length, ...name];
}

function ipv6Bytes(text: string): number[] {
  // URL writes every address in one form: hexadecimal groups, the longest run of zeros as `::`.
  const [head = '', tail] = new URL(`http://[${text}]`).hostname.slice(1, -1).split('::');
  const groups = (part: string): number[] =>
    part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16));
  const [before, after] = [groups(head), groups(tail ?? '')];
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => 0);
  return [...before, ...zeros, ...after].flatMap((group) => [group >> 8, group & 0xff]);
}

function noSocks(proxy: ProxyServer): ProxyError {
  return new ProxyError('proxy', `${proxyName(proxy)} does not speak SOCKS 5`);
}

/** The next `count` bytes. What follows them stays in the socket. */
function take(line: Socket, count: number): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const attempt = (): void => {
    const bytes = line.read(count) as Buffer | null;
    if (bytes?.length === count) resolve(bytes);
    else if (line.readableEnded || line.destroyed || bytes !== null) onEnd();
  };
  const onEnd = (): void => reject(Object.assign(new Error('closed'), { code: 'ECONNRESET' }));
  line.on('readable', attempt).once('end', onEnd).once('error', reject).once('close', onEnd);
  attempt();
  return promise.finally(() => {
    line.off('readable', attempt).off('end', onEnd).off('error', reject).off('close', onEnd);
  });
}
