import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { createAuthority } from '../support/certificates.ts';
import { runRondo, stranger } from './rondo-command.ts';

const ROOT = join(import.meta.dirname, '..', '..');

test('trust holds for what was read, until the file changes', async (t) => {
  const { env, home } = await stranger(t);
  const project = join(home, 'project');
  const file = join(project, '.goproxy');
  await mkdir(join(project, 'sub'), { recursive: true });
  const rondo = (...args: string[]) => runRondo(t, args, { env, cwd: join(project, 'sub') });
  const hold = async (): Promise<string | undefined> => {
    const { stdout, stderr } = await rondo('config', 'show');
    const isTold = stderr.includes(
      'is not trusted: ignored cache.hold, mirror.a.example.match (`rondo config trust`',
    );
    return `${/^hold = (.*)$/m.exec(stdout)?.[1]} ${isTold ? 'told' : stderr}`;
  };
  const content =
    'proxy = https://a.example\n[cache]\nhold = 1s\n[mirror "a.example"]\nmatch = corp.example\n';
  await writeFile(file, content);
  assert.equal(await hold(), '5s told');

  const trusted = await rondo('config', 'trust');
  assert.deepEqual([trusted.code, trusted.stdout], [0, '']);
  assert.equal(
    trusted.stderr,
    `${file} is trusted until it changes; what was ignored until now counts:\n  cache.hold = "1s"\n  mirror.a.example.match = "corp.example"\n`,
  );
  assert.equal(await hold(), '1s ');
  assert.equal((await rondo('config', 'trust')).stderr, `${file} is trusted already\n`);

  await writeFile(file, content.replace('1s', '2s'));
  assert.equal(await hold(), '5s told');
  assert.equal((await rondo('config', 'trust', '../.goproxy')).code, 0);
  assert.equal(await hold(), '2s ');

  await writeFile(file, 'proxy = http://127.0.0.1:1\n');
  const refused = await rondo('config', 'show');
  assert.equal(refused.code, 2);
  assert.match(refused.stderr, /hint: if you trust it: rondo config trust; /);
  assert.match(
    (await rondo('config', 'trust')).stderr,
    /counts:\n  proxy \("http:\/\/127.0.0.1:1" is not https\)\n$/,
  );
  assert.match((await rondo('config', 'show')).stdout, /^proxy = http:\/\/127.0.0.1:1$/m);
});

test('there must be something to trust, and no mistake in it', async (t) => {
  const { env, home } = await stranger(t);
  const rondo = (...args: string[]) => runRondo(t, args, { env, cwd: home });
  const none = await rondo('config', 'trust');
  assert.deepEqual([none.code, none.stdout], [2, '']);
  assert.match(
    none.stderr,
    /^error: no project's \.goproxy in .* or above it \(E_CONFIG\)\nhint: rondo config trust FILE/,
  );
  await writeFile(join(home, '.goproxy'), '[cache]\nhold = long\n');
  const broken = await rondo('config', 'trust');
  assert.equal(broken.code, 2);
  assert.match(broken.stderr, /\.goproxy:2: cache\.hold = "long" is neither a duration/);
  assert.equal((await rondo('config', 'trust', 'nowhere')).code, 2);
});

test('check finds all mistakes, names the lines, and is content with what init would write', async (t) => {
  const { env, home } = await stranger(t);
  const rondo = (...args: string[]) => runRondo(t, args, { env, cwd: home });
  await writeFile(join(home, 'broken'), 'insecure = yes\n[cahce]\ndir = x\n[log]\nlevel = loud\n');
  const { code, stdout, stderr } = await rondo('config', 'check', 'broken');
  const file = join(home, 'broken');
  assert.deepEqual([code, stdout], [2, '']);
  assert.deepEqual(stderr.trimEnd().split('\n'), [
    `error: ${file}:3: there is no section [cahce] (E_CONFIG)`,
    'hint: did you mean [cache]?',
    `error: ${file}:1: insecure = "yes" must be true or false (E_CONFIG)`,
    `error: ${file}:5: log.level = "loud" must be one of trace, debug, info, warn, error, silent (E_CONFIG)`,
  ]);
  const json = await rondo('config', 'check', '--json', 'broken');
  const report = JSON.parse(json.stdout) as {
    version: number;
    ok: boolean;
    problems: { hint: string | null }[];
  };
  assert.deepEqual([json.code, json.stderr, report.version, report.ok], [2, '', 1, false]);
  assert.deepEqual(
    report.problems.map(({ hint }) => hint),
    ['did you mean [cache]?', null, null],
  );

  const example = join(ROOT, 'docs', 'reference', 'goproxy.ini');
  await writeFile(join(home, 'files'), '[server]\ntls = true\ntls_cert = broken\ntls_key = none\n');
  const files = await rondo('config', 'check', 'files');
  assert.deepEqual(
    [files.code, files.stderr],
    [2, `error: ${home}/files:4: server.tls_key = ${home}/none: there is no such file (E_CONFIG)\n`],
  );
  const good = await rondo('config', 'check', example);
  assert.deepEqual([good.code, good.stdout, good.stderr], [0, `${example}: ok\n`, '']);
  assert.match(
    (await rondo('config', 'check', 'none')).stderr,
    /^error: there is no file .*none \(E_CONFIG\)\nhint: /,
  );
});

test('docs prints the reference page', async (t) => {
  const { env, home } = await stranger(t);
  const { stdout, stderr } = await runRondo(t, ['config', 'docs'], { env, cwd: home });
  const page = await readFile(join(ROOT, 'docs', 'reference', 'configuration.md'), 'utf8');
  assert.deepEqual([stdout, stderr], [page, '']);
});

test('a mirror is sent the credentials of netrc, of a variable or of a file', async (t) => {
  const authority = createAuthority();
  const { certPem, keyPem } = authority.issue(['127.0.0.1']);
  const seen: (string | undefined)[] = [];
  const server = createServer({ cert: certPem, key: keyPem }, ({ headers }, response) => {
    seen.push(headers.authorization);
    response.writeHead(404).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  const { port } = server.address() as AddressInfo;
  const { env, home } = await stranger(t);
  await writeFile(join(home, 'roots.pem'), authority.certPem);
  await writeFile(join(home, '.netrc'), `machine 127.0.0.1:${port}\n  login me\n  password netrc-hunter2\n`);
  await writeFile(join(home, 'token'), 'file-hunter2\n');
  const url = `https://127.0.0.1:${port}`;
  const variables = { ...env, SSL_CERT_FILE: join(home, 'roots.pem'), CORP_LOGIN: 'me:variable-hunter2' };
  const table: [string, string][] = [
    ['', `Basic ${Buffer.from('me:netrc-hunter2').toString('base64')}`],
    ['login_env = CORP_LOGIN', `Basic ${Buffer.from('me:variable-hunter2').toString('base64')}`],
    ['token_file = token', 'Bearer file-hunter2'],
  ];
  for (const [line, expected] of table) {
    await writeFile(join(home, 'config'), `proxy = ${url},off\n[mirror "127.0.0.1:${port}"]\n${line}\n`);
    seen.length = 0;
    const asks = "await fetch(`${process.env.GOPROXY.split(',')[0]}/example.com/m/@v/list`)";
    const args = ['exec', '--config', 'config', '--', process.execPath, '--input-type=module', '-e', asks];
    const { code, stdout, stderr } = await runRondo(t, args, { env: variables, cwd: home });
    assert.equal(code, 0, stderr);
    assert.ok(seen.length > 0);
    assert.deepEqual([...new Set(seen)], [expected]);
    assert.doesNotMatch(stdout + stderr, /hunter2/);
    const shown = await runRondo(t, ['config', 'show', '--origin', '--config', 'config'], {
      env: variables,
      cwd: home,
    });
    assert.doesNotMatch(shown.stdout + shown.stderr, /hunter2/);
    assert.match(shown.stdout, /^; credentials: (netrc|environment CORP_LOGIN|file) ?/m);
  }
});
