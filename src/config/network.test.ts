import { english } from '../../test/support/english.ts';
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { goCommand, goWorkspace } from '../../test/support/go-command.ts';
import { testWith } from '../../test/support/requirements.ts';
import { configUser } from '../../test/support/config-user.ts';
import { tempProject } from '../../test/support/temp-folder.ts';
import { networkWarnings, proxyFor, readNetwork } from './network.ts';

const run = promisify(execFile);

type Environment = Readonly<Record<string, string>>;

/** One environment and what it means for some URLs: the proxy as go would print it, or `direct`. */
type Row = readonly [env: Environment, expected: Readonly<Record<string, string>>];

const P = 'http://proxy.example:3128';
const both = (noProxy: string): Environment => ({ HTTP_PROXY: P, HTTPS_PROXY: P, NO_PROXY: noProxy });

const ROWS: readonly Row[] = [
  [{}, { 'https://m.example/': 'direct', 'http://m.example/': 'direct' }],
  [{ HTTPS_PROXY: P }, { 'https://m.example/': P, 'http://m.example/': 'direct' }],
  [{ HTTP_PROXY: P }, { 'https://m.example/': 'direct', 'http://m.example/': P }],
  [
    { https_proxy: P, http_proxy: P },
    { 'https://m.example/': P, 'http://m.example/': P },
  ],
  [{ HTTPS_PROXY: P, https_proxy: 'http://other:1' }, { 'https://m.example/': P }],
  [{ HTTPS_PROXY: '', https_proxy: P }, { 'https://m.example/': P }],
  [{ HTTPS_PROXY: P, NO_PROXY: '', no_proxy: 'm.example' }, { 'https://m.example/': 'direct' }],
  [{ ALL_PROXY: P }, { 'https://m.example/': 'direct' }],
  // What a value may look like.
  [{ HTTPS_PROXY: 'proxy.example:3128' }, { 'https://m.example/': P }],
  [{ HTTPS_PROXY: 'proxy.example' }, { 'https://m.example/': 'http://proxy.example:80' }],
  [{ HTTPS_PROXY: '127.0.0.1:3128' }, { 'https://m.example/': 'http://127.0.0.1:3128' }],
  [{ HTTPS_PROXY: 'localhost:3128' }, { 'https://m.example/': 'http://localhost:3128' }],
  [{ HTTPS_PROXY: '[::1]:3128' }, { 'https://m.example/': 'http://[::1]:3128' }],
  [{ HTTPS_PROXY: 'https://proxy.example' }, { 'https://m.example/': 'https://proxy.example:443' }],
  [{ HTTPS_PROXY: 'socks5://proxy.example' }, { 'https://m.example/': 'socks5://proxy.example:1080' }],
  [{ HTTPS_PROXY: 'socks5h://proxy.example' }, { 'https://m.example/': 'socks5://proxy.example:1080' }],
  [{ HTTPS_PROXY: 'socks4://proxy.example:99' }, { 'https://m.example/': 'http://proxy.example:99' }],
  [
    { HTTPS_PROXY: 'http://u:p%40q@proxy.example' },
    { 'https://m.example/': 'http://u:p@q@proxy.example:80' },
  ],
  [{ HTTPS_PROXY: 'http://u:p@q@proxy.example' }, { 'https://m.example/': 'http://u:p@q@proxy.example:80' }],
  [{ HTTPS_PROXY: 'u:p@proxy.example:1' }, { 'https://m.example/': 'http://u:p@proxy.example:1' }],
  [{ HTTPS_PROXY: 'http://u@proxy.example' }, { 'https://m.example/': 'http://u:@proxy.example:80' }],
  [{ HTTPS_PROXY: 'http://u:%zz@proxy.example' }, { 'https://m.example/': 'direct' }],
  [{ HTTPS_PROXY: ' http://proxy.example' }, { 'https://m.example/': 'direct' }],
  [{ HTTPS_PROXY: 'http://proxy.example\n' }, { 'https://m.example/': 'direct' }],
  // Nobody wants this; but go does not go on without a proxy either.
  [{ HTTPS_PROXY: 'http://a b' }, { 'https://m.example/': 'http://http:80' }],
  [{ HTTPS_PROXY: 'http://proxy.example:x' }, { 'https://m.example/': 'http://http:80' }],
  // Loopback, always direct.
  [
    both(''),
    {
      'http://localhost:1/': 'direct',
      'https://127.0.0.1/': 'direct',
      'https://127.1.2.3/': 'direct',
      'https://[::1]/': 'direct',
      'https://[::ffff:127.0.0.1]/': 'direct',
      'https://localhost.example/': P,
      'https://sub.localhost/': P,
      'https://10.0.0.1/': P,
      'https://[::2]/': P,
    },
  ],
  // NO_PROXY.
  [
    both('m.example'),
    {
      'https://m.example/': 'direct',
      'https://a.b.m.example/': 'direct',
      'https://M.Example:8443/': 'direct',
      'https://om.example/': P,
      'https://example/': P,
    },
  ],
  [
    both('.m.example, *.n.example,*o.example'),
    {
      'https://m.example/': P,
      'https://a.m.example/': 'direct',
      'https://n.example/': P,
      'https://a.n.example/': 'direct',
      'https://a.o.example/': P,
      'https://xo.example/': P,
    },
  ],
  [
    both('m.example:8443,n.example:443,o.example:,p.example:http'),
    {
      'https://m.example/': P,
      'https://m.example:8443/': 'direct',
      'https://a.m.example:8443/': 'direct',
      'https://n.example/': 'direct',
      'http://n.example/': P,
      'https://o.example:77/': 'direct',
      'http://p.example/': P,
    },
  ],
  [
    both(' M.EXAMPLE ,,x, :80,[]:80,.'),
    { 'https://m.example/': 'direct', 'https://x/': 'direct', 'http://n.example/': P },
  ],
  [both('x,*'), { 'https://m.example/': 'direct', 'http://10.1.2.3/': 'direct' }],
  [both('*.'), { 'https://m.example/': P }],
  [both('a.example b.example'), { 'https://a.example/': P, 'https://b.example/': P }],
  [
    both('10.0.0.0/8,192.168.1.7,192.168.1.8:81,172.16.0.0/12:80'),
    {
      'http://10.255.1.1/': 'direct',
      'http://11.0.0.1/': P,
      'http://192.168.1.7:9/': 'direct',
      'http://192.168.1.8/': P,
      'http://192.168.1.8:81/': 'direct',
      'http://172.16.0.1/': P,
      'http://[::ffff:10.1.2.3]/': 'direct',
      'http://[::ffff:192.168.1.7]/': 'direct',
    },
  ],
  [
    both('fd00::/8,fe80::1,[fe80::2]:81,[fe80::3],::ffff:10.0.0.0/104,::ffff:11.0.0.1'),
    {
      'http://[fd12::1]/': 'direct',
      'http://[fe80::1]:5/': 'direct',
      'http://[fe80::2]/': P,
      'http://[fe80::2]:81/': 'direct',
      'http://[fe80::3]/': P,
      'http://10.9.9.9/': 'direct',
      'http://11.0.0.1/': 'direct',
    },
  ],
  [
    both('1.2.3.4/33,01.2.3.4,1.2.3.4/x,/8,1.2.3/8,10.0.0.0/08'),
    { 'http://1.2.3.4/': P, 'http://10.1.1.1/': 'direct' },
  ],
  [
    both('bücher.example'),
    { 'https://xn--bcher-kva.example/': 'direct', 'https://bücher.example/': 'direct' },
  ],
];

function told(env: Environment, url: string): string {
  const proxy = proxyFor(readNetwork(env))(new URL(url));
  if (proxy === undefined) return 'direct';
  const { credentials, hostname, port, protocol } = proxy;
  const user = credentials === undefined ? '' : `${credentials.username}:${credentials.password}@`;
  return `${protocol}://${user}${hostname.includes(':') ? `[${hostname}]` : hostname}:${port}`;
}

for (const [env, expected] of ROWS) {
  test(`proxies of ${JSON.stringify(env)}`, () => {
    const urls = Object.keys(expected);
    assert.deepEqual(Object.fromEntries(urls.map((url) => [url, told(env, url)])), expected);
  });
}

/** Prints what the proxy of each argument is, as `told` does. */
const PROGRAM = `package main

import (
	"fmt"
	"net/http"
	"net/url"
	"os"
)

var ports = map[string]string{"https": "443", "socks5": "1080", "socks5h": "1080"}
var names = map[string]string{"https": "https", "socks5": "socks5", "socks5h": "socks5"}

func main() {
	for _, arg := range os.Args[1:] {
		target, err := url.Parse(arg)
		if err != nil {
			panic(err)
		}
		proxy, err := http.ProxyFromEnvironment(&http.Request{URL: target})
		if err != nil || proxy == nil {
			fmt.Println("direct")
			continue
		}
		port, name, user := proxy.Port(), names[proxy.Scheme], ""
		if name == "" {
			name = "http"
		}
		if port == "" {
			port = ports[proxy.Scheme]
		}
		if port == "" {
			port = "80"
		}
		if proxy.User != nil {
			password, _ := proxy.User.Password()
			user = proxy.User.Username() + ":" + password + "@"
		}
		host := proxy.Hostname()
		for _, c := range host {
			if c == ':' {
				host = "[" + host + "]"
				break
			}
		}
		fmt.Printf("%s://%s%s:%s\\n", name, user, host, port)
	}
}
`;

await testWith(['go'], 'the table of proxies says what go says', async (t) => {
  const cwd = await tempProject(t, { 'go.mod': 'module example.com/told\n\ngo 1.21\n', 'main.go': PROGRAM });
  const program = join(cwd, 'told.exe');
  const built = await goCommand(['build', '-o', program, '.'], {
    cwd,
    workspace: await goWorkspace(t),
    goproxy: 'off',
  });
  assert.equal(built.code, 0, built.stderr);
  for (const [env, expected] of ROWS) {
    const urls = Object.keys(expected);
    const { stdout } = await run(program, urls, { env });
    const says = stdout.trimEnd().split('\n');
    assert.deepEqual(
      Object.fromEntries(urls.map((url, at) => [url, says[at]])),
      expected,
      JSON.stringify(env),
    );
  }
});

test('what is no proxy is said, without its password', () => {
  const env = { HTTPS_PROXY: 'http://u:secret%@h', http_proxy: 'socks4://u:secret@h:1' };
  const warnings = english(networkWarnings(readNetwork(env)));
  assert.deepEqual(
    warnings.map((each) => /^\w+/.exec(each)?.[0]),
    ['http_proxy', 'HTTPS_PROXY'],
  );
  assert.doesNotMatch(warnings.join(), /secret/);
  assert.deepEqual(networkWarnings(readNetwork({ HTTPS_PROXY: P, HTTP_PROXY: 'h:1' })), []);
});

test('a CGI program does not use HTTP_PROXY, and says which mirror needs it', async (t) => {
  const { load } = await configUser(t);
  const env = { REQUEST_METHOD: 'GET', HTTP_PROXY: P, HTTPS_PROXY: P };
  await assert.rejects(load({ env: { ...env, GOPROXY: 'http://m.example' } }), {
    code: 'E_CONFIG',
    message: /HTTP_PROXY .* m\.example, since REQUEST_METHOD/,
  });
  const { network } = await load({ env: { ...env, GOPROXY: 'https://m.example' } });
  assert.equal(proxyFor(network)(new URL('https://m.example'))?.hostname, 'proxy.example');
  await load({ env: { REQUEST_METHOD: 'GET', GOPROXY: 'http://m.example' } });
});

test('the certificates of the environment are taken as they are', () => {
  assert.deepEqual(readNetwork({ SSL_CERT_FILE: '/a', SSL_CERT_DIR: '/b:/c' }), {
    certFile: '/a',
    certDirs: '/b:/c',
    cgi: false,
  });
  assert.deepEqual(readNetwork({ SSL_CERT_FILE: '', SSL_CERT_DIR: '' }), { cgi: false });
});
