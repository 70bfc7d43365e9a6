import '../support/loopback-only.ts';
import assert from 'node:assert/strict';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import type { MirrorsPage } from '../../src/cli/mirrors-page.ts';
import { fetchRaw, orderOf, type RawAnswer } from '../support/http-client.ts';
import { parseMetrics, reverseCleanup, type MetricLines } from '../support/rondo-process.ts';
import type { Cleanup } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';
import { runRondo, startRondo, stranger, type RondoProcess, type Stranger } from './rondo-command.ts';

const NOBODY = 'http://127.0.0.1:9';

/** A `rondo serve` of `user` in `cwd`, and what can be seen of it. */
async function serve(
  t: Cleanup,
  { env, home }: Stranger,
  { cwd = home, args = [] as readonly string[] } = {},
) {
  const rondo: RondoProcess = startRondo(t, ['serve', '--port', '0', ...args], { env, cwd });
  const [, url = ''] = await rondo.written(/GOPROXY=(http:\/\/127\.0\.0\.1:\d+)/);
  const metrics = async (): Promise<MetricLines> =>
    parseMetrics((await fetchRaw(`${url}/metrics`)).body.toString());
  const page = async (): Promise<MirrorsPage> =>
    JSON.parse((await fetchRaw(`${url}/-/api/mirrors`)).body.toString()) as MirrorsPage;
  const order = (headers: Readonly<Record<string, string>> = {}): Promise<RawAnswer> =>
    fetchRaw(`${url}/-/api/reload`, orderOf({}, { accept: 'text/plain', ...headers }));
  const names = async (): Promise<string> => (await page()).mirrors.map(({ name }) => name).join(' ');
  return { rondo, url, metrics, page, order, names };
}

/** Replaces a file as editors do. */
async function put(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.swp`, text);
  await rename(`${path}.swp`, path);
}

const chain = (...names: readonly string[]): string =>
  names.map((name, index) => `[mirror "${name}"]\nurl = http://127.0.0.1:${9 + index}\n`).join('');

test('SIGHUP: what changed counts, what needs a restart is told, and the process lives', async (context) => {
  const t = reverseCleanup(context);
  const user = await stranger(t);
  const file = join(user.home, 'rondo.ini');
  await put(file, chain('a'));
  const { rondo, page, metrics, url } = await serve(t, user, { args: ['--config', file] });
  // In place, so that the watch waits until it is at rest: SIGHUP does not.
  await writeFile(
    file,
    `${chain('a', 'b')}weight = 30\n[server]\nbase_path = /go\ndrain = 1s\n[cache]\nmemory = 1MiB\n`,
  );
  rondo.child.kill('SIGHUP');
  // On a slow machine the watch may have been first.
  await rondo.written(/read again \([^)]*\); changed: [^\n]*server\.drain[^\n]*mirror b is new/);
  await rondo.written(/the configuration was read again \(SIGHUP\)/);
  await rondo.written(/needs a restart[^\n]*server\.base_path, cache\.memory/);
  const { mirrors } = await page();
  assert.deepEqual(
    mirrors.map(({ name, configuredWeight }) => [name, configuredWeight]),
    [
      ['a', 10],
      ['b', 30],
    ],
  );
  const read = await metrics();
  assert.ok(read('rondo_config_reload_total', { result: 'applied' }) >= 1);
  assert.equal(read('rondo_config_last_reload_success'), 1);
  assert.equal(read('rondo_mirror_gate', { mirror: 'b' }), 1);
  assert.equal((await fetchRaw(`${url}/healthz`)).status, 200);
  rondo.child.kill('SIGTERM');
  assert.equal(await rondo.ended, 0);
});

test('a file that is wrong changes nothing: its line is in the log, in the answer and in the metrics', async (context) => {
  const t = reverseCleanup(context);
  const user = await stranger(t);
  const file = join(user.home, 'rondo.ini');
  await put(file, chain('a'));
  const { rondo, order, metrics, names } = await serve(t, user, { args: ['--config', file] });
  await put(file, `${chain('b')}wieght = 3\n`);
  const refused = await order();
  assert.equal(refused.status, 422);
  assert.match(refused.body.toString(), /rondo\.ini:3: there is no key "wieght" in \[mirror\]/);
  await rondo.written(/the configuration in use stays: [^\n]*rondo\.ini:3: there is no key/);
  const read = await metrics();
  assert.ok(read('rondo_config_reload_total', { result: 'refused' }) >= 1);
  assert.deepEqual([read('rondo_config_last_reload_success'), await names()], [0, 'a']);
  await put(file, '; no mirrors at all\nproxy = direct\n');
  const empty = await order();
  assert.deepEqual([empty.status, await names()], [422, 'a']);
  assert.match(empty.body.toString(), /names no mirror/);
  await put(file, chain('b'));
  const done = await order();
  assert.equal(done.status, 200, done.body.toString());
  const said = JSON.parse(done.body.toString()) as Record<string, unknown>;
  assert.deepEqual([said['version'], said['needsRestart'], said['warnings']], [1, [], []]);
  await rondo.written(/changed: mirror a is called b/);
  assert.deepEqual([await names(), (await metrics())('rondo_config_last_reload_success')], ['b', 1]);
});

test('nobody from another origin has it read', async (context) => {
  const t = reverseCleanup(context);
  const user = await stranger(t);
  const file = join(user.home, 'rondo.ini');
  await put(file, chain('a'));
  const { order, metrics } = await serve(t, user, { args: ['--config', file] });
  for (const headers of [
    { origin: 'https://evil.example' },
    { origin: 'https://evil.example', 'content-type': 'text/plain' },
    { host: 'evil.example' },
    { 'x-forwarded-for': '203.0.113.9' },
  ]) {
    const { status } = await order(headers);
    assert.ok(status === 403 || status === 421, `${status} for ${JSON.stringify(headers)}`);
  }
  assert.equal((await metrics())('rondo_config_reload_total'), 0);
});

test('a file that changes, or appears where it would be read, is read by itself', async (context) => {
  const t = reverseCleanup(context);
  const user = await stranger(t);
  const own = join(user.home, '.config', 'rondo', '.goproxy');
  await put(own, chain('a'));
  const { rondo, names, metrics } = await serve(t, user);
  assert.equal(await names(), 'a');
  await put(own, chain('b'));
  await until('the new file counts', async () => (await names()) === 'b');
  await rondo.written(/read again \(a file has changed\); changed: mirror a is called b/);
  await put(own, `${chain('b')}tire = 1\n`);
  await until(
    'the wrong file is told',
    async () => (await metrics())('rondo_config_last_reload_success') === 0,
  );
  assert.equal(await names(), 'b');
  await put(own, chain('c'));
  await until('the mended one counts', async () => (await names()) === 'c');
  // The project's comes before the user's own, and nobody has trusted it: public mirrors by https alone.
  await put(join(user.home, '.goproxy'), 'proxy = https://localhost.example\n[cache]\nmax_size = 1MiB\n');
  await until('the project counts', async () => (await names()) === 'localhost.example');
  await rondo.written(/the mirrors of a file that is not trusted are used: https:\/\/localhost\.example/);
  await rondo.written(/is not trusted: ignored cache\.max_size/);
});

test('trust that was given counts at once, and is lost with the next change of the file', async (context) => {
  const t = reverseCleanup(context);
  const user = await stranger(t);
  const project = join(user.home, 'project');
  const file = join(project, '.goproxy');
  await put(file, '[cache]\nhold = 1s\n');
  const env = { ...user.env, GOPROXY: NOBODY };
  const { rondo } = await serve(t, { ...user, env }, { cwd: project });
  assert.match(rondo.stderr(), /is not trusted: ignored cache\.hold/);
  const trusted = await runRondo(t, ['config', 'trust'], { env, cwd: project });
  assert.equal(trusted.code, 0, trusted.stderr);
  await rondo.written(/\(a file has changed\); changed: cache\.hold/);
  await put(file, '[cache]\nhold = 2s\n');
  await rondo.written(/changed: cache\.hold[^]*changed: cache\.hold[^]*is not trusted: ignored cache\.hold/);
});
