import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { fetchRaw } from '../support/http-client.ts';
import { startMeasuredMirror } from '../support/measured-mirror.ts';
import { rawAnswer } from '../support/raw-server.ts';
import { reservePort } from '../support/reserved-port.ts';
import { runRondo, startRondo, stranger } from './rondo-command.ts';

const PORTAL = '<!doctype html><html><title>Log in</title></html>';
const LIST = '/example.com/m/@v/list';

test('in an empty folder: init --yes, then serve, and a module comes through it', async (t) => {
  const { env, home } = await stranger(t);
  const dead = await reservePort();
  t.after(async () => dead.release());
  const sync = JSON.stringify({ last_synced_at: Math.floor(Date.now() / 1000) - 300 });
  const good = await startMeasuredMirror(t, { sync, files: { [LIST]: 'v1.0.0\n' } });
  const hanging = await startMeasuredMirror(t, { hangs: true });
  const busy = await startMeasuredMirror(t, {
    probe: rawAnswer(503, 'maintenance\n', { 'content-type': 'text/plain' }),
  });
  const portal = await startMeasuredMirror(t, {
    probe: rawAnswer(200, PORTAL, { 'content-type': 'text/html' }),
  });
  const refused = `http://127.0.0.1:${dead.port}`;
  const chain = [refused, hanging.url.origin, busy.url.origin, portal.url.origin, good.url.origin];
  const user = { env: { ...env, GOPROXY: `${chain.join(',')},direct` }, cwd: home };

  const run = await runRondo(t, ['init', '--yes', '--chain-only'], user);
  assert.equal(run.code, 0, run.stderr);
  assert.equal(run.stdout, `${join(home, '.goproxy')}\n`);
  assert.doesNotMatch(run.stderr, /only one mirror/);
  for (const [origin, words] of [
    [refused, /refused/],
    [hanging.url.origin, /no answer within/],
    [busy.url.origin, /503 .*overloaded or being maintained/],
    [portal.url.origin, /web page came instead/],
    [good.url.origin, /synchronised 5 min ago/],
  ] as const) {
    const line = run.stderr.split('\n').find((each) => each.startsWith(`  ${new URL(origin).host}: `));
    assert.match(line ?? '', words);
  }
  assert.match(
    run.stderr,
    /Next: rondo serve\nSo that go uses it: go env -w GOPROXY=http:\/\/127\.0\.0\.1:7070,direct\n/,
  );

  const text = await readFile(join(home, '.goproxy'), 'utf8');
  const proxy = /^proxy = (.*)$/m.exec(text)?.[1]?.split(',') ?? [];
  assert.equal(proxy[0], good.url.origin, 'the one that works is the first');
  assert.deepEqual(
    proxy.slice(1, -1).toSorted(),
    chain.slice(0, -1).toSorted(),
    'none that was chosen is lost',
  );
  assert.equal(proxy.at(-1), 'direct');
  assert.match(text, /^;max = 100 /m, 'every default stands there as a comment');
  assert.equal((await runRondo(t, ['config', 'check', '.goproxy'], user)).code, 0);

  // Without the variable the file is what counts, and it is trusted: its loopback mirrors are used.
  const rondo = startRondo(t, ['serve', '--port', '0'], { env, cwd: home });
  const [, url = ''] = await rondo.written(/GOPROXY=(http:\/\/[^\s,|"]+)/);
  assert.doesNotMatch(rondo.stderr(), /not trusted/);
  assert.equal((await fetchRaw(`${url}${LIST}`)).body.toString(), 'v1.0.0\n');
});

test('an existing file stays as it is; with --force it is kept beside the new one', async (t) => {
  const { env, home } = await stranger(t);
  const { url, paths } = await startMeasuredMirror(t);
  const user = { env: { ...env, GOPROXY: url.origin }, cwd: home };
  const init = (...flags: string[]): ReturnType<typeof runRondo> =>
    runRondo(t, ['init', '--yes', '--chain-only', ...flags], user);
  assert.equal((await init()).code, 0);
  const before = await readFile(join(home, '.goproxy'), 'utf8');
  const asked = paths.length;
  const again = await init();
  assert.deepEqual([again.code, again.stdout, paths.length], [2, '', asked]);
  assert.match(again.stderr, /^error: there is already a .*\nhint: rondo init --force/);
  const forced = await init('--force', '--json');
  const report = JSON.parse(forced.stdout) as {
    version: number;
    kept: string;
    proxy: string;
    mirrors: object[];
  };
  assert.deepEqual(
    [forced.code, report.version, report.kept, report.proxy, report.mirrors.length],
    [0, 1, join(home, '.goproxy.bak'), url.origin, 1],
  );
  assert.equal(await readFile(report.kept, 'utf8'), before);
});

test('where nobody answers nothing is written, and the exit code is 3', async (t) => {
  const { env, home } = await stranger(t);
  const dead = await reservePort();
  t.after(async () => dead.release());
  const user = { env: { ...env, GOPROXY: `http://127.0.0.1:${dead.port}` }, cwd: home };
  const run = await runRondo(t, ['init', '--yes', '--chain-only'], user);
  assert.deepEqual([run.code, run.stdout, await readdir(home)], [3, '', []]);
  assert.match(run.stderr, /\nerror: no mirror has answered; nothing was written \(E_NO_MIRROR\)\nhint: /);
});

test('a chain of no mirrors needs a word about public ones', async (t) => {
  const { env, home } = await stranger(t);
  const run = await runRondo(t, ['init', '--yes', '--chain-only'], {
    env: { ...env, GOPROXY: 'direct' },
    cwd: home,
  });
  assert.equal(run.code, 2);
  assert.match(run.stderr, /\(E_NO_CHAIN\)\nhint: rondo init --add-public/);
});
