/** Random proxies and NO_PROXY lists against golang.org/x/net/http/httpproxy; `RONDO_FUZZ=100` tries a hundred times as many. */
import assert from 'node:assert/strict';
import { domainToASCII } from 'node:url';
import fc from 'fast-check';
import { fuzzBatches } from '../../test/support/fuzz-runs.ts';
import { goOracle } from '../../test/support/go-oracle.ts';
import { testWith } from '../../test/support/requirements.ts';
import { proxyFor, readNetwork } from './network.ts';

const DEFAULT_PORTS: Readonly<Record<string, string>> = { https: '443', socks5: '1080', socks5h: '1080' };

const host = fc.constantFrom(
  'p.test',
  '10.0.0.1',
  '[::1]',
  '[fd00::1]',
  'P.Test',
  'localhost',
  '*',
  'é.test',
  '',
);
// Nobody can dial a port beyond 65535, so what becomes of it does not matter.
const port = fc.constantFrom('', ':80', ':3128', ':0', ':x', ':65535', ':');
const proxy = fc
  .tuple(
    fc.constantFrom(
      'http://',
      'https://',
      'socks5://',
      'socks5h://',
      'HTTP://',
      'ftp://',
      '',
      '//',
      ' http://',
    ),
    fc.constantFrom('', '', 'u@', 'u:p@', 'u:p%40q@', 'u:%zz@', ':@', '@'),
    host,
    port,
    fc.constantFrom('', '/', '/x?y#z', ' '),
  )
  .map((parts) => parts.join(''));
const exemption = fc.oneof(
  fc.constantFrom(
    'm.test',
    '.m.test',
    '*.m.test',
    'test',
    '*',
    '10.0.0.0/8',
    '10.1.2.3',
    '10.0.0.0/33',
    'fd00::/8',
  ),
  fc.constantFrom(
    'm.test:443',
    '10.1.2.3:80',
    '[fd00::5]:443',
    'fd00::5',
    '::ffff:10.1.2.3',
    ' M.TEST ',
    '',
    '.',
    'x/8',
  ),
  fc.tuple(host, port).map((parts) => parts.join('')),
  fc.string({ maxLength: 4 }),
);
const target = fc
  .tuple(
    fc.constantFrom('http://', 'https://'),
    fc.constantFrom(
      'm.test',
      'a.m.test',
      'xm.test',
      '10.1.2.3',
      '[fd00::5]',
      '127.0.0.1',
      'localhost',
      'p.test',
    ),
    fc.constantFrom('', ':80', ':443', ':8443'),
  )
  .map((parts) => `${parts.join('')}/`);

await testWith(['go'], 'a proxy is used where Go uses one, and it is the same', async (t) => {
  const go = await goOracle(t);
  const one = fc.tuple(
    proxy,
    fc.array(exemption, { maxLength: 3 }).map((all) => all.join(',')),
    target,
  );
  let proxied = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(one, { minLength: 100, maxLength: 100 }), async (all) => {
      const told = await go.ask('proxy', all);
      for (const [index, [text, noProxy, url]] of all.entries()) {
        const network = readNetwork({ HTTP_PROXY: text, HTTPS_PROXY: text, NO_PROXY: noProxy });
        const server = proxyFor(network)(new URL(url));
        if (server !== undefined) proxied += 1;
        // A proxy without a host, out of a text like `user:x@host:y `, fails every request of go's.
        if (hostOf(told[index]) === '') continue;
        const ours = server && {
          protocol: server.protocol,
          hostname: server.hostname,
          port: String(server.port),
          username: server.credentials?.username ?? '',
          password: server.credentials?.password ?? '',
        };
        assert.deepEqual(ours, asRondo(told[index]), JSON.stringify([text, noProxy, url, told[index]]));
      }
    }),
    fuzzBatches(60),
  );
  assert.ok(proxied > 300, `only ${proxied} through a proxy: the test has shown little`);
});

function hostOf(told: unknown): unknown {
  return (told as { answer?: readonly unknown[] }).answer?.[1];
}

/** Go's answer in Rondo's words: ports filled in, schemes that nobody knows taken for http. */
function asRondo(told: unknown): unknown {
  const { answer } = told as { answer?: unknown };
  if (!Array.isArray(answer)) return undefined;
  const [scheme = '', hostname = '', givenPort = '', username = '', password = ''] = answer as string[];
  const protocol = scheme === 'socks5h' ? 'socks5' : ['https', 'socks5'].includes(scheme) ? scheme : 'http';
  // Go has the host as it is written; it is looked up in lower case and in ASCII.
  const ascii = hostname.includes(':') ? hostname : domainToASCII(hostname);
  return {
    protocol,
    hostname: ascii,
    port: givenPort || (DEFAULT_PORTS[scheme] ?? '80'),
    username,
    password,
  };
}
