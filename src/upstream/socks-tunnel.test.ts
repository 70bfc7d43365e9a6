import '../../test/support/loopback-only.ts';
import assert from 'node:assert/strict';
import { connect, type Socket } from 'node:net';
import { test, type TestContext } from 'node:test';
import { createServer } from 'node:tls';
import { createAuthority } from '../../test/support/certificates.ts';
import { listen, onRequests, rawAnswer, startRawServer } from '../../test/support/raw-server.ts';
import {
  attempt,
  found,
  other,
  textOf,
  trustIn,
  upstreamForTest,
} from '../../test/support/upstream-for-test.ts';
import { settle, VirtualClock } from '../../test/support/virtual-clock.ts';
import type { ProxyServer } from './proxy-server.ts';

const authority = createAuthority();
const trust = trustIn(authority.certPem);
const credentials = { username: 'user', password: 'secret' };

/** An exchange with a SOCKS proxy: what the client must send, and what it gets, both hex. */
type Step = readonly [client: string, proxy: string];

const HELLO: Step = ['050100', '0500'];
const HELLO_WITH_CREDENTIALS: Step = ['05020002', '0502'];
const LOGIN: Step = [`0104${hex('user')}06${hex('secret')}`, '0100'];
const CONNECT = `050100030e${hex('mirror.example')}0050`;
const YES = '05000001000000000000';

function hex(text: string): string {
  return Buffer.from(text).toString('hex');
}

/** A SOCKS proxy that wants exactly these bytes, answers in single bytes, and then leads to `port`. */
async function socksProxy(
  t: TestContext,
  steps: readonly Step[],
  port = 0,
): Promise<{ settings: { proxyFor: () => ProxyServer }; received: () => string }> {
  let received = '';
  const server = await startRawServer(t, (socket) => {
    let left = [...steps];
    let pending = '';
    const onData = (bytes: Buffer): void => {
      pending += bytes.toString('hex');
      const [step] = left;
      if (step === undefined || pending.length < step[0].length) return;
      received += pending;
      pending = '';
      left = left.slice(1);
      if (left.length === 0) socket.off('data', onData);
      for (const byte of Buffer.from(step[1], 'hex')) socket.write(Buffer.from([byte]));
      if (left.length > 0 || port === 0) return;
      const onward = connect({ port, host: '127.0.0.1' }).on('error', () => undefined);
      socket.pipe(onward).pipe(socket);
    };
    socket.setNoDelay(true).on('data', onData);
  });
  const proxy: ProxyServer = { protocol: 'socks5', hostname: '127.0.0.1', port: server.port };
  return { settings: { proxyFor: () => proxy }, received: () => received };
}

function withCredentials({ proxyFor }: { proxyFor: () => ProxyServer }): { proxyFor: () => ProxyServer } {
  return { proxyFor: () => ({ ...proxyFor(), credentials }) };
}

test('an http mirror through SOCKS: a tunnel, used again', async (t) => {
  const heads: string[] = [];
  const server = await startRawServer(t, (socket) =>
    onRequests(socket, (head) => {
      heads.push(head);
      socket.write(rawAnswer(200, 'file'));
    }),
  );
  const { settings, received } = await socksProxy(t, [HELLO, [CONNECT, YES]], server.port);
  const upstream = upstreamForTest(t, new URL('http://mirror.example'), { settings });
  for (const path of ['/x', '/y']) {
    assert.equal(await textOf(found(await attempt(upstream, path)).body), 'file');
    await settle();
  }
  assert.equal(received(), `${HELLO[0]}${CONNECT}`);
  assert.match(heads[0] ?? '', /^GET \/x HTTP\/1\.1\r\nhost: mirror\.example\r\n/i);
  assert.deepEqual(upstream.connections(), { open: 1, opened: 1 });
});

test('an https mirror through SOCKS with credentials, whose bound address is a name', async (t) => {
  const { certPem, keyPem } = authority.issue(['mirror.example']);
  const sockets: Socket[] = [];
  const serve = (socket: Socket): void =>
    onRequests(
      socket.on('error', () => undefined),
      () => socket.write(rawAnswer(200, 'file')),
    );
  const tls = createServer({ cert: certPem, key: keyPem }, serve);
  tls.on('connection', (socket: Socket) => sockets.push(socket));
  const { port } = await listen(t, tls, sockets, '127.0.0.1', 'https');
  const asked = CONNECT.replace(/0050$/, '01bb');
  const bound = `0500000304${hex('name')}1234`;
  const proxy = await socksProxy(t, [HELLO_WITH_CREDENTIALS, LOGIN, [asked, bound]], port);
  const settings = withCredentials(proxy.settings);
  const upstream = upstreamForTest(t, new URL('https://mirror.example'), { trust, settings });
  assert.equal(await textOf(found(await attempt(upstream, '/x')).body), 'file');
});

for (const [host, bytes] of [
  ['10.1.2.3', '0a010203'],
  ['[fd00::1:2]', 'fd000000000000000000000000010002'],
] as const) {
  test(`the address ${host} is sent as one`, async (t) => {
    const server = await startRawServer(t, (socket) =>
      onRequests(socket, () => socket.write(rawAnswer(200, 'file'))),
    );
    const kind = host.startsWith('[') ? '04' : '01';
    const steps: Step[] = [HELLO, [`050100${kind}${bytes}1f90`, `05000004${'00'.repeat(16)}0000`]];
    const { settings } = await socksProxy(t, steps, server.port);
    const upstream = upstreamForTest(t, new URL(`http://${host}:8080`), { settings });
    assert.equal(await textOf(found(await attempt(upstream, '/x')).body), 'file');
  });
}

const REFUSALS: readonly (readonly [
  name: string,
  steps: readonly Step[],
  outcome: readonly [string, string],
  detail: RegExp,
])[] = [
  [
    'credentials that it does not take',
    [HELLO_WITH_CREDENTIALS, [LOGIN[0], '0101']],
    ['http', 'proxy'],
    /does not take these credentials$/,
  ],
  ['no way to log in', [['05020002', '05ff']], ['http', 'proxy'], /does not take these credentials$/],
  ['HTTP', [['05020002', hex('HTTP/1.1 400')]], ['http', 'proxy'], /does not speak SOCKS 5$/],
  [
    'an unknown kind of address',
    [
      ['05020002', '0500'],
      [CONNECT, '05000009'],
    ],
    ['http', 'proxy'],
    /does not speak SOCKS 5$/,
  ],
  [
    'refused',
    [
      ['05020002', '0500'],
      [CONNECT, '05050001'],
    ],
    ['http', 'connect-refused'],
    /does not connect to mirror\.example:80: connection refused$/,
  ],
  [
    'an unknown reply',
    [
      ['05020002', '0500'],
      [CONNECT, '05630001'],
    ],
    ['http', 'connect-refused'],
    /: reply 99$/,
  ],
];
for (const [name, steps, expected, detail] of REFUSALS) {
  test(`a SOCKS proxy that answers ${name} is named`, async (t) => {
    const settings = withCredentials((await socksProxy(t, steps)).settings);
    const upstream = upstreamForTest(t, new URL('http://mirror.example'), { settings });
    const { outcome } = other(await attempt(upstream, '/x'));
    assert.deepEqual([outcome.class, outcome.cause], expected);
    assert.match(outcome.detail, /^proxy 127\.0\.0\.1:\d+ /);
    assert.match(outcome.detail, detail);
    assert.doesNotMatch(outcome.detail, /secret/);
    while (upstream.connections().open > 0) await settle();
  });
}

test('a SOCKS proxy that hangs up, or hangs, is named', async (t) => {
  const closing = await startRawServer(t, (socket) => void socket.once('data', () => socket.end('\u0005')));
  const proxy: ProxyServer = { protocol: 'socks5', hostname: '127.0.0.1', port: closing.port };
  const url = new URL('http://mirror.example');
  const gone = other(await attempt(upstreamForTest(t, url, { settings: { proxyFor: () => proxy } }), '/x'));
  assert.deepEqual([gone.outcome.class, gone.outcome.cause], ['http', 'reset']);
  assert.match(gone.outcome.detail, /^proxy 127\.0\.0\.1:\d+ hangs up/);

  const clock = new VirtualClock();
  const asked = Promise.withResolvers<void>();
  const silent = await startRawServer(t, (socket) => void socket.once('data', () => asked.resolve()));
  const settings = { proxyFor: () => ({ ...proxy, port: silent.port }) };
  const waiting = attempt(upstreamForTest(t, url, { settings, clock }), '/x');
  await asked.promise;
  await clock.advance(5000);
  assert.equal(other(await waiting).outcome.cause, 'connect-timeout');
  assert.equal(clock.pending, 0);
});
