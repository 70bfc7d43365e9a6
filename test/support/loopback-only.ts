/**
 * Imported for its effect: from then on this process dials nothing but loopback addresses and Unix sockets,
 * whichever library tries. Anything else fails with code ERR_NOT_LOOPBACK, names under `.invalid` with
 * ENOTFOUND as a DNS would say (RFC 6761); no name but localhost is looked up.
 */
import { lookup as systemLookup, type LookupAddress, type LookupOptions } from 'node:dns';
import { isIP, Socket, type LookupFunction } from 'node:net';

type ConnectOptions = {
  readonly host?: string | null;
  readonly path?: string | null;
  readonly lookup?: LookupFunction;
};
type LookupCallback = Parameters<LookupFunction>[2];

// oxlint-disable-next-line typescript/unbound-method -- called by Reflect.apply with its socket
const plainConnect = Socket.prototype.connect;

Socket.prototype.connect = function connect(this: Socket, ...args: unknown[]): Socket {
  // net and tls hand over one array of [options, listener]; its options are replaced in place, since Node
  // knows the array by a symbol on it.
  const list = Array.isArray(args[0]) ? args[0] : args;
  const [first, second] = list;
  if (typeof first === 'object' && first !== null) {
    const options: ConnectOptions = first;
    // The agents of node:http write `path: null` where they dial TCP.
    if (typeof options.path !== 'string' || options.path === '') {
      const host = options.host ?? 'localhost';
      if (isIP(host) !== 0 && !isLoopback(host)) return refuse(this, host);
      list[0] = { ...options, lookup: sealedLookup(options.lookup) };
    }
  } else if (typeof first === 'number' || /^\d+$/.test(String(first))) {
    const host = typeof second === 'string' ? second : 'localhost';
    if (!isLoopback(host) && host !== 'localhost') return refuse(this, host);
  }
  return Reflect.apply(plainConnect, this, args);
};

/** Whether `address` is an IP address of this machine alone. */
export function isLoopback(address: string): boolean {
  return address === '::1' || /^(::ffff:)?127\.\d+\.\d+\.\d+$/i.test(address);
}

function refuse(socket: Socket, host: string): Socket {
  process.nextTick(() => socket.destroy(refusal(host)));
  return socket;
}

function refusal(host: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`a test dialled ${host}, which is not loopback`), {
    code: 'ERR_NOT_LOOPBACK',
  });
}

/** The caller's own look-up (or that of localhost), whose answers must be loopback addresses. */
function sealedLookup(own?: LookupFunction): LookupFunction {
  return (host, options, callback) => {
    const checked: LookupCallback = (error, address, family) => {
      const addresses = typeof address === 'string' ? [address] : (address ?? []).map(addressOf);
      const stray = error === null ? addresses.find((each) => !isLoopback(each)) : undefined;
      if (stray === undefined) callback(error, address, family);
      else callback(refusal(`${host} (${stray})`), '', 0);
    };
    (own ?? lookUpLocalhost)(host, options, checked);
  };
}

function addressOf(entry: LookupAddress): string {
  return entry.address;
}

function lookUpLocalhost(host: string, options: LookupOptions, callback: LookupCallback): void {
  if (host === 'localhost' || host.endsWith('.localhost')) {
    systemLookup('localhost', options, callback);
  } else if (host.endsWith('.invalid')) {
    const error = Object.assign(new Error(`getaddrinfo ENOTFOUND ${host}`), {
      code: 'ENOTFOUND',
      hostname: host,
    });
    process.nextTick(callback, error, '', 0);
  } else {
    process.nextTick(callback, refusal(host), '', 0);
  }
}
