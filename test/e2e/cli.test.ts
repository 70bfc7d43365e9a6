import assert from 'node:assert/strict';
import { once } from 'node:events';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import manifest from '../../package.json' with { type: 'json' };
import { setTimeout as sleep } from 'node:timers/promises';
import { reservePort } from '../support/reserved-port.ts';
import { runRondo, startRondo, stranger } from './rondo-command.ts';

/** A mirror that knows the versions of the modules example.com/m…, and never answers for another; `hangs` resolves once it is asked for that. */
async function tinyMirror(t: TestContext): Promise<{ url: string; hangs: Promise<void> }> {
  const hanging = Promise.withResolvers<void>();
  const server = createServer((request, response) => {
    if (request.url === '/example.com/hangs/@v/list') return hanging.resolve();
    const found = /^\/example\.com\/m\d*\/@v\/list$/.test(request.url ?? '');
    response.writeHead(found ? 200 : 404, { 'Content-Type': 'text/plain; charset=utf-8' });
    response.end(found ? 'v1.0.0\n' : 'not found: unknown\n');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, hangs: hanging.promise };
}

/** A program in JavaScript as the command of `exec`. */
const script = (code: string): string[] => ['exec', '--', process.execPath, '-e', code];

test('exec passes on arguments, output and the exit code of its command', async (t) => {
  const { env, home } = await stranger(t);
  const options = { env: { ...env, GOPROXY: 'direct' }, cwd: home };
  const code = 'console.log(JSON.stringify(process.argv.slice(1))); process.exit(7)';
  const run = await runRondo(t, [...script(code), '--', '--offline', '-x', 'a b'], options);
  assert.deepEqual([run.code, run.stdout], [7, '["--offline","-x","a b"]\n']);
  assert.match(
    run.stderr,
    /^warning: environment GOPROXY names no mirror \(only direct\): \S+ runs without Rondo\n$/,
  );
});

test('exec says 127 for a command that is not there, 126 for one that cannot be run, 128 + n for a signal', async (t) => {
  const { env, home } = await stranger(t);
  const options = { env: { ...env, GOPROXY: 'http://127.0.0.1:9' }, cwd: home };
  const missing = await runRondo(t, ['exec', '--', 'no-such-command', 'x'], options);
  assert.equal(missing.code, 127);
  assert.match(missing.stderr, /^error: there is no command no-such-command \(E_USAGE\)\nhint: /);
  await writeFile(join(home, 'plain'), 'x');
  assert.equal((await runRondo(t, ['exec', '--', './plain'], options)).code, 126);
  await chmod(join(home, 'plain'), 0o755);
  await writeFile(join(home, 'plain'), '#!/no/such/interpreter\n');
  assert.equal((await runRondo(t, ['exec', '--', './plain'], options)).code, 127);
  const killed = await runRondo(
    t,
    script('process.kill(process.pid, "SIGTERM"); setInterval(() => {}, 1e3)'),
    options,
  );
  assert.equal(killed.code, 143);
  assert.match(killed.stderr, /^rondo: 0 requests; 0 B\n$/);
});

test('exec passes signals on, and two of a keystroke once', async (t) => {
  const { env, home } = await stranger(t);
  const options = { env: { ...env, GOPROXY: 'http://127.0.0.1:9' }, cwd: home };
  const listen = `
    let interrupts = 0;
    process.on('SIGHUP', () => console.log('hup'));
    process.on('SIGINT', () => console.log('int ' + ++interrupts));
    process.on('SIGTERM', () => { console.log('term after ' + interrupts); process.exit(5); });
    setInterval(() => {}, 1e3);
    console.log('ready');`;
  const rondo = startRondo(t, script(listen), options);
  await rondo.written(/ready/);
  rondo.child.kill('SIGHUP');
  await rondo.written(/hup/);
  rondo.child.kill('SIGINT');
  await rondo.written(/int 1/);
  rondo.child.kill('SIGINT');
  rondo.child.kill('SIGTERM');
  assert.equal(await rondo.ended, 5);
  assert.match(rondo.stdout(), /term after 1/);
});

test('exec gives its command a proxy that works, and tells what it did in one line', async (t) => {
  const { env, home } = await stranger(t);
  const { url: mirror } = await tinyMirror(t);
  const code = `
    const [proxy, ...rest] = process.env.GOPROXY.split('|');
    console.log(rest.join() + ' ' + process.env.GOSUMDB + ' ' + process.env.GOFLAGS);
    const list = await fetch(proxy + '/example.com/m/@v/list');
    console.log(list.status, JSON.stringify(await list.text()));
    const missing = await fetch(proxy + '/example.com/other/@v/list');
    console.log(missing.status);`;
  const variables = { GOPROXY: `${mirror}|direct`, GOSUMDB: 'sum.golang.google.cn', GOFLAGS: '-mod=mod' };
  const run = await runRondo(t, ['exec', '--', process.execPath, '--input-type=module', '-e', code], {
    env: { ...env, ...variables },
    cwd: home,
  });
  assert.equal(run.stdout, 'direct sum.golang.org -mod=mod\n200 "v1.0.0\\n"\n404\n');
  assert.match(run.stderr, /^rondo: 2 requests, 1 from 127\.0\.0\.1:\d+, 1 not there; \d+ B\n$/);
  assert.equal(run.code, 0);
});

test('exec says that the copy cannot be written, once and not for each file', async (t) => {
  const { env, home } = await stranger(t);
  const { url: mirror } = await tinyMirror(t);
  const records = join(home, 'copy', 'rondo', 'records');
  await mkdir(records, { recursive: true });
  // Not even root can make a folder of it.
  await writeFile(join(records, 'answers'), '');
  const code = `
    for (const name of ['m', 'm1', 'm2', 'm3', 'm4']) {
      const list = await fetch(process.env.GOPROXY + '/example.com/' + name + '/@v/list');
      console.log(await list.text());
    }`;
  const exec = ['exec', '--cache-dir', join(home, 'copy'), '--', process.execPath, '--input-type=module'];
  const asked = (variables: Record<string, string>): ReturnType<typeof runRondo> =>
    runRondo(t, [...exec, '-e', code], { env: { ...env, GOPROXY: mirror, ...variables }, cwd: home });
  const { stdout, stderr } = await asked({});
  assert.equal(stdout, 'v1.0.0\n\n'.repeat(5));
  const warnings = stderr.split('\n').filter((line) => line.startsWith('warning:'));
  assert.equal(warnings.length, 1, stderr);
  assert.match(
    warnings[0] ?? '',
    /: the copy cannot be written, answers go on without being kept: .*; choose /,
  );
  assert.match(stderr, /^rondo: 5 requests, 5 from /m);
  assert.doesNotMatch((await asked({ RONDO_LOG_LEVEL: 'silent' })).stderr, /warning/);
});

test('serve prints the line to paste on stdout, the rest on stderr, and Ctrl-C ends it with 0', async (t) => {
  const { env, home } = await stranger(t);
  const { url: mirror } = await tinyMirror(t);
  const rondo = startRondo(t, ['serve', '--port', '0'], {
    env: { ...env, GOPROXY: `${mirror},direct` },
    cwd: home,
  });
  const [, url = ''] = await rondo.written(/^go env -w GOPROXY=(http:\/\/127\.0\.0\.1:\d+),direct\n/);
  await rondo.written(/go uses it:/);
  assert.match(
    rondo.stderr(),
    /^rondo \d.*, started in \d+ ms\n {2}address {2}http.*\n {2}mirrors {2}127.*\n {2}from {5}environment GOPROXY\n/,
  );
  assert.equal((await fetch(`${url}/example.com/m/@v/list`)).status, 200);
  rondo.child.kill('SIGINT');
  rondo.child.kill('SIGINT');
  assert.equal(await rondo.ended, 0, 'two signals of one keystroke do not force');
});

test('after its line was pasted, Rondo stands in front of the chain that it had', async (t) => {
  const { env, home } = await stranger(t);
  const { url: mirror } = await tinyMirror(t);
  const first = startRondo(t, ['serve', '--port', '0'], {
    env: { ...env, GOPROXY: `${mirror}|direct` },
    cwd: home,
  });
  const [, line = ''] = await first.written(/['"](GOPROXY=[^'"\s]+)['"]/);
  first.child.kill('SIGTERM');
  assert.equal(await first.ended, 0);
  await writeFile(join(home, 'goenv'), `${line}\n`);
  const goEnv = { ...env, GOENV: join(home, 'goenv') };
  const again = startRondo(t, ['serve', '--port', '0'], { env: goEnv, cwd: home });
  await again.written(/go uses it:/);
  assert.match(
    again.stderr(),
    /from {5}the chain kept from 127\.0\.0\.1:\d+ \(go env -w GOPROXY names only Rondo\)/,
  );
  assert.match(again.stderr(), new RegExp(`mirrors  ${new URL(mirror).host}, then direct`));
  const exec = await runRondo(t, script('console.log(process.env.GOPROXY)'), { env: goEnv, cwd: home });
  assert.match(exec.stdout, /^http:\/\/127\.0\.0\.1:\d+\|direct\n$/);
  assert.match(await readFile(join(home, '.local', 'state', 'rondo', 'chains.json'), 'utf8'), /"version": 1/);
});

test('mirrors that a checkout brought are used with a warning, and not kept for other folders', async (t) => {
  const { env, home } = await stranger(t);
  const checkout = join(home, 'checkout');
  await mkdir(checkout);
  await writeFile(join(checkout, '.goproxy'), 'proxy = https://evil.invalid\n');
  const rondo = startRondo(t, ['serve', '--port', '0'], { env, cwd: checkout });
  const [, line = ''] = await rondo.written(/go env -w (GOPROXY=\S+)\n/);
  await rondo.written(/go uses it:/);
  assert.match(
    rondo.stderr(),
    /warning: the mirrors of a file that is not trusted are used: https:\/\/evil\.invalid \(file .*\)\n/,
  );
  assert.match(rondo.stderr(), /warning: this chain is not kept, since its file is not trusted; /);
  rondo.child.kill('SIGTERM');
  assert.equal(await rondo.ended, 0);
  await writeFile(join(home, 'goenv'), `${line}\n`);
  const elsewhere = { env: { ...env, GOENV: join(home, 'goenv') }, cwd: home };
  const run = await runRondo(t, script(''), elsewhere);
  assert.equal(run.code, 2);
  assert.match(run.stderr, /^error: go env -w GOPROXY names only Rondo .*E_NO_CHAIN/);
});

test('an occupied port is an error that names a free one', async (t) => {
  const { env, home } = await stranger(t);
  const holder = createServer();
  holder.listen(0, '127.0.0.1');
  await once(holder, 'listening');
  t.after(() => holder.close());
  const { port } = holder.address() as AddressInfo;
  const options = { env: { ...env, GOPROXY: 'http://127.0.0.1:9' }, cwd: home };
  const { code, stdout, stderr } = await runRondo(t, ['serve', '--port', String(port)], options);
  assert.deepEqual([code, stdout], [2, '']);
  const free = /^error: .*\(E_PORT_IN_USE\)\nhint: .*--port (\d+).*\n$/.exec(stderr)?.[1];
  assert.ok(Number(free) > port, stderr);

  const first = startRondo(t, ['serve', '--port', '0'], options);
  const [, taken = ''] = await first.written(/GOPROXY=http:\/\/127\.0\.0\.1:(\d+)/);
  const second = await runRondo(t, ['serve', '--port', taken], options);
  assert.match(
    second.stderr,
    new RegExp(
      `^error: a Rondo serves at http://127\\.0\\.0\\.1:${taken}/ already \\(E_PORT_IN_USE\\)\\nhint: rondo mirrors .*--port \\d+`,
    ),
  );
});

test('a second signal does not wait for what hangs', async (t) => {
  const { env, home } = await stranger(t);
  const { url: mirror, hangs } = await tinyMirror(t);
  const rondo = startRondo(t, ['serve', '--port', '0'], { env: { ...env, GOPROXY: mirror }, cwd: home });
  const [, url = ''] = await rondo.written(/GOPROXY=(\S+)\n/);
  await rondo.written(/go uses it:/);
  const hanging = fetch(`${url}/example.com/hangs/@v/list`).then(
    () => 'answered',
    () => 'cut',
  );
  await hangs;
  rondo.child.kill('SIGTERM');
  await rondo.written(/once more to stop at once/);
  await sleep(600); // Half a second is one keystroke.
  assert.equal(rondo.child.exitCode, null, 'it drains');
  rondo.child.kill('SIGTERM');
  assert.equal(await rondo.ended, 130);
  assert.equal(await hanging, 'cut');
});

test('with no time to drain the first signal cuts what hangs, and the process ends', async (t) => {
  const { env, home } = await stranger(t);
  const { url: mirror, hangs } = await tinyMirror(t);
  const variables = { GOPROXY: mirror, RONDO_SERVER_DRAIN: '0s' };
  const rondo = startRondo(t, ['serve', '--port', '0'], { env: { ...env, ...variables }, cwd: home });
  const [, url = ''] = await rondo.written(/GOPROXY=(\S+)\n/);
  await rondo.written(/go uses it:/);
  const hanging = fetch(`${url}/example.com/hangs/@v/list`).then(
    ({ status }) => `answered ${status}`,
    () => 'cut',
  );
  await hangs;
  rondo.child.kill('SIGTERM');
  assert.equal(await hanging, 'cut');
  assert.equal(await rondo.ended, 0);
});

test('the line of an offline server leads nowhere else', async (t) => {
  const { env, home } = await stranger(t);
  const options = { env: { ...env, GOPROXY: 'http://127.0.0.1:9,direct' }, cwd: home };
  const lines = async (flags: string[]): Promise<string> => {
    const rondo = startRondo(t, ['serve', '--port', '0', ...flags], options);
    await rondo.written(/^go env -w .*\n/);
    rondo.child.kill('SIGINT');
    await rondo.ended;
    return rondo.stdout();
  };
  assert.match(await lines(['--offline']), /^go env -w GOPROXY=http:\/\/127\.0\.0\.1:\d+\n$/);
  assert.match(await lines([]), /^go env -w GOPROXY=http:\/\/127\.0\.0\.1:\d+,direct\n$/);
});

test('offline, Rondo needs no chain', async (t) => {
  const { env, home } = await stranger(t);
  const reserved = await reservePort();
  t.after(() => reserved.release());
  await writeFile(join(home, 'goenv'), `GOPROXY=http://127.0.0.1:${reserved.port},direct\n`);
  const options = { env: { ...env, GOENV: join(home, 'goenv') }, cwd: home };
  assert.equal((await runRondo(t, script(''), options)).code, 2);
  const run = await runRondo(
    t,
    ['exec', '--offline', '--', process.execPath, '-p', 'process.env.GOPROXY'],
    options,
  );
  assert.equal(run.code, 0);
  assert.match(run.stdout, /^http:\/\/127\.0\.0\.1:\d+\n$/);
  assert.match(run.stderr, /^warning: go env -w GOPROXY names only Rondo/);
});

test('version --json has the number of its shape where all others have theirs', async (t) => {
  const { env, home } = await stranger(t);
  const run = await runRondo(t, ['version', '--json'], { env, cwd: home });
  const page: unknown = JSON.parse(run.stdout);
  assert.deepEqual(page, { version: 1, name: 'rondo', rondo: manifest.version });
});
