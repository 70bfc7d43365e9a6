import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { runRondo, stranger } from './rondo-command.ts';

/** Arguments, variables, and what is then written to stderr; HOME stands for the user's home. */
const MISTAKES: [string[], Record<string, string>, string[]][] = [
  [['help', 'foo'], {}, ["error: unknown command 'foo' (E_USAGE)", 'hint: rondo --help']],
  [['help', 'exce'], {}, ["error: unknown command 'exce' (E_USAGE)", 'hint: did you mean exec?']],
  [
    ['help', 'E_OFFLIN'],
    {},
    ["error: unknown command 'E_OFFLIN' (E_USAGE)", 'hint: did you mean E_OFFLINE?'],
  ],
  [
    ['toolchain', 'rm', '1.26.8'],
    {},
    ["error: unknown command 'rm' (E_USAGE)", 'hint: rondo toolchain --help'],
  ],
  [
    ['sync', '/nope'],
    {},
    ['error: there is no such folder or file: /nope (E_USAGE)', 'hint: name the folder of a project'],
  ],
  [['help', 'config', 'chek'], {}, ["error: unknown command 'chek' (E_USAGE)", 'hint: did you mean check?']],
  [
    ['exec', '--cache-dir', '--', 'true'],
    {},
    ['error: option --cache-dir needs a value (E_USAGE)', 'hint: rondo exec --help'],
  ],
  [
    ['config', 'show', '--set', '--origin'],
    {},
    ['error: option --set needs a value (E_USAGE)', 'hint: rondo config show --help'],
  ],
  [
    ['config', 'show', '--set', 'proxy=https://a.example|direct'],
    {},
    [
      'error: --set does not take proxy: the chain has levels of its own (E_USAGE)',
      "hint: GOPROXY_OVERRIDE='https://a.example|direct' rondo …",
    ],
  ],
  [
    ['serve', '--set', 'mirror.a.example.weight=3'],
    {},
    [
      'error: --set does not take the keys of a mirror (E_USAGE)',
      'hint: write them below [mirror "…"] into a .goproxy, and name that with --config',
    ],
  ],
  [
    ['serve'],
    { GOPROXY: '"https://a.example,direct"' },
    [
      `error: environment GOPROXY: mirror URL has quotes: "'https://a.example" (E_BAD_MIRROR_URL)`,
      'hint: write it without quotes',
    ],
  ],
  [['srve'], {}, ["error: unknown command 'srve' (E_USAGE)", 'hint: did you mean serve?']],
  [['serve', '--prot', '1'], {}, ["error: unknown option '--prot' (E_USAGE)", 'hint: did you mean --port?']],
  [
    ['serve', '--port', '70000'],
    {},
    [
      "error: option '--port <number>' argument '70000' is invalid. It is a number from 0 to 65535 (E_USAGE)",
      'hint: rondo serve --help',
    ],
  ],
  [
    ['serve', '--host', 'http://x'],
    {},
    [
      "error: option '--host <host>' argument 'http://x' is invalid. It is an address or a name, without a port (E_USAGE)",
      'hint: rondo serve --help',
    ],
  ],
  ...['999.1.1.1', 'fe80::1%eth0'].map((host): [string[], Record<string, string>, string[]] => [
    ['mirrors', '--host', host],
    {},
    [
      `error: option '--host <host>' argument '${host}' is invalid. It is an address or a name, without a port (E_USAGE)`,
      'hint: rondo mirrors --help',
    ],
  ]),
  [
    ['mirrors'],
    { RONDO_SERVER_LISTEN: '999.1.1.1:80' },
    ['error: RONDO_SERVER_LISTEN = "999.1.1.1:80" is not host:port (write 127.0.0.1:7070) (E_CONFIG)'],
  ],
  [['exec'], {}, ["error: missing required argument 'command' (E_USAGE)", 'hint: rondo exec --help']],
  [
    ['serve'],
    { GOPROXY: 'htp://a' },
    [
      'error: environment GOPROXY: mirror URL has an unknown scheme (it must be https, http or file): "htp://a" (E_BAD_MIRROR_URL)',
    ],
  ],
  [
    ['exec', '--', 'true'],
    { GOPROXY: 'https://me:secret@' },
    ['error: environment GOPROXY: mirror URL has no host: "https://***@" (E_BAD_MIRROR_URL)'],
  ],
  [
    ['serve'],
    { GOPROXY: 'direct' },
    [
      'error: environment GOPROXY names no mirror (only direct): there is nothing to stand in front of (E_NO_CHAIN)',
      'hint: rondo init --add-public, or name the mirrors, e.g. GOPROXY=https://goproxy.cn,direct',
    ],
  ],
  [
    ['serve'],
    { GOPROXY: 'http://127.0.0.1:7070,direct' },
    [
      'error: environment GOPROXY names only Rondo (http://127.0.0.1:7070), and no earlier chain was kept (E_NO_CHAIN)',
      'hint: rondo init',
    ],
  ],
  [
    ['serve'],
    { GOPROXY: 'http://127.0.0.1:9', RONDO_CACHE_HOLD: 'long' },
    ['error: RONDO_CACHE_HOLD = "long" is neither a duration (write 5s) nor whole (E_CONFIG)'],
  ],
  [
    ['serve', '--config', 'none'],
    {},
    [
      'error: there is no file HOME/none (E_CONFIG)',
      'hint: name a .goproxy that is there; `rondo init` writes one',
    ],
  ],
  [
    ['serve'],
    { GOPROXY: 'http://127.0.0.1:9', GOSUMDB: 'nonsense' },
    ['error: GOSUMDB is neither off, a known name nor a verifier key: "nonsense" (E_CONFIG)'],
  ],
];

test('each mistake on the command line is one clear error and exit code 2', async (t) => {
  const { env, home } = await stranger(t);
  for (const [args, variables, lines] of MISTAKES) {
    const { code, stdout, stderr } = await runRondo(t, args, { env: { ...env, ...variables }, cwd: home });
    assert.deepEqual(
      [code, stdout, stderr.replaceAll(home, 'HOME').trimEnd().split('\n')],
      [2, '', lines],
      args.join(' '),
    );
  }
});

test('help and version go to stdout and end with 0, an example first', async (t) => {
  const { env, home } = await stranger(t);
  for (const args of [[], ['--help'], ['serve', '--help'], ['exec', '--help'], ['help', 'exec']]) {
    const { code, stdout, stderr } = await runRondo(t, args, { env, cwd: home });
    assert.deepEqual([code, stderr], [0, ''], args.join(' '));
    assert.match(stdout, /^Examples?:\s+rondo [^]+?\n\nUsage: rondo /);
  }
  const nested = await runRondo(t, ['help', 'config', 'check'], { env, cwd: home });
  assert.deepEqual([nested.code, nested.stderr], [0, '']);
  assert.match(nested.stdout, /Usage: rondo config check /);
  for (const args of [['version'], ['--version']]) {
    assert.match((await runRondo(t, args, { env, cwd: home })).stdout, /^rondo \d+\.\d+\.\d+\n$/);
  }
});

test('a cache folder that cannot be written is named, and ends with 2', async (t) => {
  const { env, home } = await stranger(t);
  await writeFile(join(home, 'file'), '');
  const args = ['serve', '--port', '0', '--cache-dir', 'file/below'];
  const { code, stdout, stderr } = await runRondo(t, args, {
    env: { ...env, GOPROXY: 'http://127.0.0.1:9' },
    cwd: home,
  });
  assert.deepEqual([code, stdout], [2, '']);
  assert.match(stderr, /^error: .*file.*\(E_CACHE_DIR\)\nhint: .+\n$/);
});

test('a cache folder where none can be made is an error, not a hang', async (t) => {
  if (process.platform !== 'linux') return; // /proc is Linux.
  const { env, home } = await stranger(t);
  const args = ['serve', '--port', '0', '--cache-dir', '/proc/rondo/below'];
  const { code, stderr } = await runRondo(t, args, {
    env: { ...env, GOPROXY: 'http://127.0.0.1:9' },
    cwd: home,
  });
  assert.equal(code, 2);
  assert.match(
    stderr,
    /^error: cannot use the cache folder \/proc\/rondo\/below: .* \(E_CACHE_DIR\)\nhint: /,
  );
});
