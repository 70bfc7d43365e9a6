import { english } from '../../test/support/english.ts';
import assert from 'node:assert/strict';
import { chmod, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { RondoError } from '../errors/rondo-error.ts';
import { configUser } from '../../test/support/config-user.ts';
import type { Config } from './config.ts';
import { netrcCredentials, usesNetrc } from './credentials.ts';
import { saveKeptChain } from './kept-chain.ts';
import type { LoadOptions } from './load-config.ts';

const USER = '.config/rondo/.goproxy';

const NETRC = {
  path: '/home/me/.netrc',
  logins: [
    { machine: 'a.example', login: 'host', password: 'netrc-secret' },
    { machine: 'a.example', login: 'second', password: 'never' },
    { machine: 'a.example/go/deep', login: 'deep', password: 'netrc-secret' },
    { machine: 'b.example:8443', login: 'port', password: 'netrc-secret' },
    { machine: 'https://c.example/', login: 'scheme', password: 'netrc-secret' },
  ],
};

const basic = (login: string): string => `Basic ${Buffer.from(login).toString('base64')}`;

/** The login that stands in credentials, without its password. */
function userOf(authorization: string | undefined): string | undefined {
  if (authorization === undefined) return undefined;
  return Buffer.from(authorization.replace('Basic ', ''), 'base64').toString().replace(/:.*/, '');
}

test('a login of netrc is sent where go would send it', () => {
  const table: [string, string | undefined][] = [
    ['https://a.example', 'host'],
    ['https://a.example/go', 'host'],
    ['https://a.example/go/deep', 'deep'],
    ['https://a.example/go/deep/er', 'deep'],
    ['https://a.example/go/deeper', 'host'],
    ['http://a.example', undefined],
    ['file:///a.example', undefined],
    ['https://a.example:444', undefined],
    ['https://b.example', undefined],
    ['https://b.example:8443/x', 'port'],
    ['https://c.example', 'scheme'],
    ['https://sub.a.example', undefined],
    ['https://example', undefined],
  ];
  for (const [url, user] of table) {
    assert.equal(userOf(netrcCredentials(new URL(url), NETRC)?.authorization), user, url);
  }
  assert.equal(netrcCredentials(new URL('https://a.example'), undefined), undefined);
});

test('GOAUTH says whether netrc counts', () => {
  for (const goauth of ['', 'netrc', 'git /x; netrc', ' netrc ', '/bin/helper;netrc'])
    assert.ok(usesNetrc(goauth), goauth);
  for (const goauth of ['off', 'git /x', '/bin/netrc', 'helper netrc']) assert.ok(!usesNetrc(goauth), goauth);
});

/** The mirrors by name: who is sent there, and where that comes from. */
const shown = ({ chain }: Config): unknown[] =>
  chain.mirrors.map(({ name, authorization, authorizationOrigin }) => [
    name,
    authorization,
    authorizationOrigin,
  ]);

test('the section comes before the URL, the URL before netrc', async (t) => {
  const { load, write, home } = await configUser(t);
  const login = await write('secret/login', 'me:file-secret\n');
  const token = await write('secret/token', 'file-token\r\n');
  await write(
    USER,
    `proxy = https://a.example,https://me:url-secret@b.example:8443,https://me:url-secret@c.example,https://d.example,https://e.example
[mirror "c.example"]
login_env = CORP_LOGIN
[mirror "d.example"]
token_file = ${join('..', '..', 'secret', 'token')}
[mirror "e.example"]
login_file = ~/secret/login
`,
  );
  const config = await load({ env: { CORP_LOGIN: 'me:env:secret' }, netrc: NETRC });
  assert.deepEqual(shown(config), [
    ['a.example', basic('host:netrc-secret'), 'netrc /home/me/.netrc'],
    ['b.example:8443', basic('me:url-secret'), 'url'],
    ['c.example', basic('me:env:secret'), 'environment CORP_LOGIN'],
    ['d.example', 'Bearer file-token', `file ${token}`],
    ['e.example', basic('me:file-secret'), `file ${login}`],
  ]);
  assert.deepEqual(config.warnings, []);
  const words = JSON.stringify([...config.origins, ...english(config.warnings), config.chain.origin]);
  assert.doesNotMatch(words, /secret(?!\/|_)/);

  const stateDir = join(home, 'state');
  await saveKeptChain(stateDir, { host: '127.0.0.1', port: 7070 }, config.chain);
  const kept = await readFile(join(stateDir, 'chains.json'), 'utf8');
  const secrets = config.chain.mirrors.map(({ authorization = '' }) => authorization.split(' ')[1] ?? '');
  assert.deepEqual(
    secrets.map((secret) => kept.includes(secret)),
    [false, true, false, false, false],
    'only what stood in a URL is kept with the chain',
  );
  const env = { CORP_LOGIN: 'me:new' };
  const go = { user: new Map([['GOPROXY', 'http://127.0.0.1:7070']]), goroot: new Map<string, string>() };
  await write(USER, '[mirror "c.example"]\nlogin_env = CORP_LOGIN\n');
  const later = await load({ env, go, netrc: NETRC });
  assert.deepEqual(
    later.chain.mirrors.map(({ authorizationOrigin }) => authorizationOrigin),
    ['netrc /home/me/.netrc', 'url', 'environment CORP_LOGIN', undefined, undefined],
    'the others are asked for again',
  );
});

test('netrc is not asked where GOAUTH says so, nor for mirrors of an untrusted file', async (t) => {
  const { load, write } = await configUser(t);
  const env = { GOPROXY: 'https://a.example' };
  const of = async (changes: Partial<LoadOptions>): Promise<unknown> =>
    (await load({ netrc: NETRC, env, ...changes })).chain.mirrors[0]?.authorizationOrigin;
  assert.equal(await of({}), 'netrc /home/me/.netrc');
  assert.equal(await of({ env: { ...env, GOAUTH: 'off' } }), undefined);
  const user = new Map([['GOAUTH', 'git /x']]);
  assert.equal(await of({ go: { user, goroot: new Map() } }), undefined);
  await write('src/project/.goproxy', 'proxy = https://a.example\n[mirror "a.example"]\ntoken_env = HOME\n');
  assert.equal(await of({ env: { HOME: 'token' } }), undefined);
  const problem = { path: '/n', logins: [], problem: 'EACCES' };
  assert.equal(english((await load({ netrc: problem })).warnings).at(-1), 'no credentials from /n: EACCES');
});

test('credentials that cannot be had are an error where the chain has the mirror', async (t) => {
  const { load, write, home } = await configUser(t);
  await write('broken', 'two\nlines');
  await write('large', 'x'.repeat(70_000));
  const table: [string, RegExp, string?][] = [
    [
      'login_env = CORP',
      /:1: \[mirror "a.example"\] login_env: the variable CORP is not set$/,
      'export CORP=…',
    ],
    ['token_env = SPACE', /environment SPACE has no token/],
    ['login_env = SPACE', /environment SPACE has no login/],
    ['token_file = ~/broken', /file .*broken has no token/],
    ['token_file = ~/large', /cannot read .*large: it is larger than 64 KiB$/],
    ['login_file = ~/none', /cannot read .*none: ENOENT/],
    ['login_env = A\ntoken_env = B', /has both login_env and token_env$/, 'keep one of them'],
    ['login_env = A-B', /login_env = "A-B" must be the name of an environment variable$/],
  ];
  const env = { GOPROXY: 'https://a.example', SPACE: 'top secret' };
  for (const [lines, message, hint] of table) {
    await write(USER, `[mirror "a.example"]\n${lines}\n`);
    await assert.rejects(load({ env }), (error) => {
      assert.ok(error instanceof RondoError && error.code === 'E_CONFIG', String(error));
      assert.match(error.message, new RegExp(message.source.replace(':1:', ':\\d+:')), lines);
      assert.doesNotMatch(error.message, /top secret|two/);
      if (hint !== undefined) assert.equal(error.hint, hint);
      return true;
    });
  }
  await write(USER, '[mirror "other.example"]\nlogin_env = CORP\n');
  assert.equal((await load({ env })).chain.mirrors.length, 1, 'a mirror that nobody asks needs no login');
  if (process.getuid?.() === 0 || process.platform === 'win32') return;
  await chmod(join(home, 'broken'), 0);
  await write(USER, '[mirror "a.example"]\ntoken_file = ~/broken\n');
  await assert.rejects(load({ env }), /EACCES/);
});

test('credentials over plain http are warned of, but not on this machine', async (t) => {
  const { load } = await configUser(t);
  const { warnings } = await load({
    env: { GOPROXY: 'http://me:pw@a.example,http://me:pw@127.0.0.1:1,http://me:pw@[::1]:1' },
  });
  assert.deepEqual(english(warnings), ['a.example: its credentials travel in clear, over http']);
});
