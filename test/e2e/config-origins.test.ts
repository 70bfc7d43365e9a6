import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { KEYS, MIRROR } from '../../src/config/keys.ts';
import type { Cleanup } from '../support/temp-folder.ts';
import { runRondo, stranger, type Stranger } from './rondo-command.ts';

const USER = '.config/rondo/.goproxy';

async function write(home: string, path: string, content: string): Promise<string> {
  await mkdir(dirname(join(home, path)), { recursive: true });
  await writeFile(join(home, path), content);
  return join(home, path);
}

/** Runs `rondo` in `~/project`. */
async function inProject(
  t: Cleanup,
  { home, env }: Stranger,
  args: readonly string[],
  variables: Readonly<Record<string, string>> = {},
): Promise<{ code: number; stdout: string; stderr: string }> {
  await mkdir(join(home, 'project'), { recursive: true });
  return runRondo(t, args, { env: { ...env, ...variables }, cwd: join(home, 'project') });
}

const PROJECT = `proxy = https://project.example
[cache]
dir = project
memory = 1MiB
hold = 1s
fresh_ttl = 1s
[timeouts]
connect = 1s
[mirror "project.example"]
weight = 11
`;

const OF_USER = `proxy = https://user.example
[cache]
dir = user
memory = 2MiB
hold = 2s
fresh_ttl = 2s
refresh_wait = 2s
[mirror "project.example"]
weight = 12
tier = 2
`;

const VARIABLES = {
  RONDO_CACHE_DIR: '/variable',
  RONDO_CACHE_MEMORY: '3MiB',
  RONDO_CACHE_HOLD: '3s',
  RONDO_SERVER_LISTEN: '127.0.0.1:3',
  GOPRIVATE: 'variable.example',
  GOSUMDB: '',
  HTTP_PROXY: 'not a proxy',
  https_proxy: 'me:hunter2@proxy.example:3128',
  no_proxy: '.corp.example',
  SSL_CERT_FILE: '/roots.pem',
};

const FLAGS = ['--cache-dir', 'flag', '--set', 'cache.memory=4MiB', '--port', '4'];

test('with all levels set at once each value is that of its highest level, and says so', async (t) => {
  const user = await stranger(t);
  const { home } = user;
  const project = await write(home, 'project/.goproxy', PROJECT);
  const own = await write(home, USER, OF_USER);
  const goenv = await write(
    home,
    'goenv',
    'GOPROXY=https://goenv.example\nGOPRIVATE=x\nGONOSUMDB=nosum.example\n',
  );
  assert.equal((await inProject(t, user, ['config', 'trust'])).code, 0);
  const variables = { ...VARIABLES, GOENV: goenv };
  const show = ['config', 'show', '--origin', ...FLAGS];
  const { stdout, stderr, code } = await inProject(t, user, show, variables);
  const ignored = 'warning: HTTP_PROXY is not a URL and is ignored, as go ignores it\n';
  assert.deepEqual([code, stderr], [0, ignored]);
  assert.doesNotMatch(stdout, /hunter2|HTTP_PROXY/);
  const expected = [
    `proxy = https://project.example ; file ${project}:1`,
    'skipsum = false ; default',
    'listen = 127.0.0.1:4 ; flag --port',
    `dir = ${join(home, 'project', 'flag')} ; flag --cache-dir`,
    'memory = 4MiB ; flag --set cache.memory',
    'hold = 3s ; environment RONDO_CACHE_HOLD',
    `fresh_ttl = 1s ; file ${project}:6`,
    `refresh_wait = 2s ; file ${own}:7`,
    'stale_max_query = 24h ; default',
    `connect = 1s ; file ${project}:8`,
    `weight = 11 ; file ${project}:10`,
    `tier = 2 ; file ${own}:10`,
    'match = * ; default',
    ';GOPRIVATE = variable.example ; environment GOPRIVATE',
    ';GONOPROXY = variable.example ; as GOPRIVATE',
    ';GONOSUMDB = nosum.example ; go env -w GONOSUMDB',
    ';GOINSECURE = ; default',
    ';https_proxy = http://proxy.example:3128 ; environment https_proxy',
    ';no_proxy = .corp.example ; environment no_proxy',
    ';SSL_CERT_FILE = /roots.pem ; environment SSL_CERT_FILE',
  ];
  const lines = stdout.split('\n').map((line) => line.replace(/ +;/g, ' ;'));
  for (const line of expected) assert.ok(lines.includes(line), `${line}\nis not in\n${stdout}`);
});

test('the chain is that of the first level that is set', async (t) => {
  const user = await stranger(t);
  const { home } = user;
  const goenv = await write(home, 'goenv', 'GOPROXY=https://goenv.example,direct\n');
  const named = await write(home, 'named', '; no key\nproxy = https://named.example\n');
  const project = await write(home, 'project/.goproxy', PROJECT);
  const own = await write(home, USER, 'proxy = https://user.example\n');
  const levels: [Record<string, string>, string[], string, string][] = [
    [
      { GOPROXY_OVERRIDE: 'https://override.example', GOPROXY: 'https://variable.example' },
      [],
      'https://override.example',
      'environment GOPROXY_OVERRIDE',
    ],
    [{ GOPROXY: 'https://variable.example' }, [], 'https://variable.example', 'environment GOPROXY'],
    [{}, ['--config', named], 'https://named.example', `file ${named}:2`],
    [{}, [], 'https://project.example', `file ${project}:1`],
  ];
  const chainOf = async (variables: Record<string, string>, flags: string[]): Promise<unknown[]> => {
    const args = ['config', 'show', '--json', ...flags];
    const { stdout } = await inProject(t, user, args, { GOENV: goenv, ...variables });
    const { chain } = JSON.parse(stdout) as { chain: { proxy: string; origin: string } };
    return [chain.proxy, chain.origin];
  };
  for (const [variables, flags, proxy, origin] of levels) {
    assert.deepEqual(await chainOf(variables, flags), [proxy, origin]);
  }
  await write(home, 'project/.goproxy', '');
  assert.deepEqual(await chainOf({}, []), ['https://user.example', `file ${own}:1`]);
  await write(home, USER, '');
  assert.deepEqual(await chainOf({}, []), ['https://goenv.example,direct', 'go env -w GOPROXY']);
  const [, builtIn] = await chainOf({ GOENV: 'off' }, []);
  assert.match(String(builtIn), /^the built-in list/);
});

/** Every key that an untrusted file may not set, as `[section, key]`: a new key of the tables is among them. */
const DANGEROUS: [section: string, key: string][] = [
  ...[...KEYS]
    .filter(([, key]) => key.untrusted !== true)
    .map(([path, key]): [string, string] => [path.includes('.') ? path.replace(/\..*/, '') : '', key.name]),
  ...Object.values(MIRROR)
    .filter((key) => key.untrusted !== true)
    .map((key): [string, string] => ['mirror "evil.example"', key.name]),
];

/** A file that sets them all, to texts that no key would take quietly. */
function dangerousFile(): string {
  const sections = Object.groupBy(DANGEROUS, ([section]) => section);
  return Object.entries(sections)
    .map(([section, keys = []]) => {
      const lines = keys.map(([, key]) => `${key} = leak\n`).join('');
      return section === '' ? lines : `[${section}]\n${lines}`;
    })
    .join('');
}

test('an untrusted project file with every dangerous key changes none of them and names them all', async (t) => {
  assert.ok(DANGEROUS.length > 35);
  const user = await stranger(t);
  const variables = { GOPROXY: 'https://a.example' };
  const before = await inProject(t, user, ['config', 'show', '--origin'], variables);
  await write(user.home, 'project/.goproxy', dangerousFile());
  const after = await inProject(t, user, ['config', 'show', '--origin'], variables);
  assert.deepEqual([after.code, after.stdout], [0, before.stdout]);
  const named = [...after.stderr.matchAll(/ignored (.*) \(`rondo config trust` takes all of it\)$/gm)]
    .flatMap(([, names = '']) => names.split(', '))
    .sort();
  const expected = DANGEROUS.map(([section, key]) =>
    section === '' ? key : `${section.replace(/ "(.*)"/, '.$1')}.${key}`,
  );
  assert.deepEqual(named, expected.sort());
});
