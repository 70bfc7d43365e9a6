import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import type { MirrorsPage } from '../../src/cli/mirrors-page.ts';
import { startMeasuredMirror } from '../support/measured-mirror.ts';
import { onRequests, rawAnswer, startRawServer } from '../support/raw-server.ts';
import { reservePort } from '../support/reserved-port.ts';
import { runRondo, startRondo, stranger, type RondoOptions } from './rondo-command.ts';

/** A user with a chain of one mirror that works and one that is dead, and a port at which nobody listens. */
async function user(
  t: TestContext,
): Promise<{ options: RondoOptions; dead: string; free: number; good: string }> {
  const { env, home } = await stranger(t);
  const ports = [await reservePort(), await reservePort()];
  t.after(async () => ports.forEach((port) => port.release()));
  const good = (await startMeasuredMirror(t)).url.origin;
  const dead = `http://127.0.0.1:${ports[0]?.port}`;
  const options = { env: { ...env, GOPROXY: `${dead},${good}` }, cwd: home };
  return { options, dead, free: ports[1]?.port ?? 0, good };
}

const parse = (text: string): MirrorsPage => JSON.parse(text) as MirrorsPage;
const states = ({ mirrors }: MirrorsPage): string[] => mirrors.map(({ status }) => status);

test('from a running server: its states, not those of probes', async (t) => {
  const { options, good } = await user(t);
  const rondo = startRondo(t, ['serve', '--port', '0'], options);
  const [, port = ''] = await rondo.written(/GOPROXY=http:\/\/127\.0\.0\.1:(\d+)/);
  const run = await runRondo(t, ['mirrors', '--json', '--port', port], options);
  assert.equal(run.code, 0, run.stderr);
  const page = parse(run.stdout);
  assert.deepEqual([page.version, page.source], [1, { kind: 'server', url: `http://127.0.0.1:${port}/` }]);
  assert.equal(page.mirrors[1]?.url, `${good}/`);
  assert.match(page.mirrors[1]?.next.words ?? '', /would open its gate/);
  // A chain of its own is not needed to ask a server.
  const elsewhere = { ...options, env: { ...options.env, GOPROXY: 'direct' } };
  const table = await runRondo(t, ['mirrors', '--port', port], elsewhere);
  assert.deepEqual([table.code, table.stderr], [0, '']);
  assert.match(
    table.stdout,
    /^Mirrors of environment GOPROXY, as the server at .* sees them\n\nMIRROR +STATE /,
  );
});

test('without one: probes of its own, in the same shape; another program is no server', async (t) => {
  const { options, dead, free } = await user(t);
  const run = await runRondo(t, ['mirrors', '--json', '--port', String(free)], options);
  assert.equal(run.code, 0, run.stderr);
  const page = parse(run.stdout);
  assert.equal(page.source.kind, 'probes');
  assert.equal(page.mirrors[0]?.url, `${dead}/`);
  assert.equal(page.mirrors[0]?.lastFailure?.cause, 'connect-refused');
  assert.deepEqual([states(page)[0] === 'HEALTHY', states(page)[1]], [false, 'HEALTHY']);
  assert.equal(page.mirrors[1]?.firstByte?.samples, 3);

  const { port } = await startRawServer(t, (socket) =>
    onRequests(socket, () => socket.write(rawAnswer(200, '{"version":1,"mirrors":"all fine"}'))),
  );
  const table = await runRondo(t, ['mirrors', '--port', String(port)], options);
  assert.equal(table.code, 0);
  assert.match(table.stderr, /no Rondo answers at .*; asking the mirrors/);
  assert.match(table.stdout, /, probed by this command\n[^]*connection refused/);
});

test('a server that asks nobody says so', async (t) => {
  const { options } = await user(t);
  const rondo = startRondo(t, ['serve', '--offline', '--port', '0'], options);
  const [, port = ''] = await rondo.written(/GOPROXY=http:\/\/127\.0\.0\.1:(\d+)/);
  const run = await runRondo(t, ['mirrors', '--json', '--port', port], options);
  assert.equal(parse(run.stdout).offline, true, run.stderr);
});

test('as many probes as open a gate, and ten at the most', async (t) => {
  const { options, free } = await user(t);
  const probed = async (failures: number): Promise<MirrorsPage> => {
    const env = { ...options.env, RONDO_BREAKER_PROBE_FAILURES: String(failures) };
    const run = await runRondo(t, ['mirrors', '--json', '--port', String(free)], { ...options, env });
    return parse(run.stdout);
  };
  const some = await probed(5);
  assert.equal(some.mirrors[1]?.firstByte?.samples, 5);
  assert.notEqual(states(some)[0], 'HEALTHY', 'the dead one is told, whatever it takes');
  assert.equal((await probed(20)).mirrors[1]?.firstByte?.samples, 10);
});

test('3 where nobody answers, after the table; 2 where there is nobody to ask', async (t) => {
  const { options, dead, free } = await user(t);
  const run = (GOPROXY: string): ReturnType<typeof runRondo> =>
    runRondo(t, ['mirrors', '--port', String(free)], { ...options, env: { ...options.env, GOPROXY } });
  const down = await run(dead);
  assert.equal(down.code, 3);
  assert.match(down.stdout, /UNHEALTHY|TRIAL/);
  assert.match(down.stderr, /\(E_NO_MIRROR\)\nhint: .*rondo init/);
  const nobody = await run('direct');
  assert.deepEqual([nobody.code, nobody.stdout], [2, '']);
  assert.match(nobody.stderr, /\(E_NO_CHAIN\)\nhint: rondo serve/);
});

test('--watch: a page every two seconds, from a server as soon as there is one; Ctrl-C is its good end', async (t) => {
  const { options, free } = await user(t);
  const watch = startRondo(t, ['mirrors', '--watch', '--json', '--port', String(free)], options);
  await watch.written(/"kind":"probes"/);
  startRondo(t, ['serve', '--port', String(free)], options);
  await watch.written(/"kind":"server"/);
  watch.child.kill('SIGINT');
  assert.equal(await watch.ended, 0);
  const pages = watch.stdout().trim().split('\n').map(parse);
  assert.ok(pages.length >= 2);
});

test('--watch ends at once although a mirror hangs', async (t) => {
  const { options, free } = await user(t);
  const { url } = await startMeasuredMirror(t, { hangs: true });
  const hanging = { ...options, env: { ...options.env, GOPROXY: url.origin, RONDO_PROBE_TIMEOUT: '60s' } };
  const watch = startRondo(t, ['mirrors', '--watch', '--port', String(free)], hanging);
  await watch.written(/asking the mirrors/);
  watch.child.kill('SIGINT');
  assert.equal(await watch.ended, 0);
  assert.equal(watch.stdout(), '');
});

test('drain and set: orders to a running server, which the table shows', async (t) => {
  const { options, good } = await user(t);
  const rondo = startRondo(t, ['serve', '--port', '0'], options);
  const [, port = ''] = await rondo.written(/GOPROXY=http:\/\/127\.0\.0\.1:(\d+)/);
  const name = new URL(good).host;
  const run = (...words: string[]): ReturnType<typeof runRondo> =>
    runRondo(t, ['mirrors', ...words, '--port', port], options);
  const drained = await run('drain', name, '--for', '1h', '--json');
  assert.equal(drained.code, 0, drained.stderr);
  const [, mirror] = parse(drained.stdout).mirrors;
  assert.deepEqual([mirror?.name, mirror?.status, mirror?.eligible], [name, 'DRAINED', false]);
  assert.ok((mirror?.next.inMs ?? 0) > 3_500_000);
  const set = await run('set', name, 'weight=30');
  assert.equal(set.code, 0, set.stderr);
  assert.match(set.stdout, /DRAINED[^]*taken out by an order[^]*weight 30 by an order, 10 as configured/);
  const back = parse((await run('drain', name, '--for', '0s', '--json')).stdout);
  assert.deepEqual([back.mirrors[1]?.status, back.mirrors[1]?.baseWeight], ['HEALTHY', 30]);
  const unknown = await run('drain', 'nobody');
  assert.deepEqual([unknown.code, unknown.stdout], [2, '']);
  assert.match(unknown.stderr, /refuses: not found: no mirror is called nobody[^]*hint: rondo mirrors/);
});

test('an order without a server, or that is none, is a mistake', async (t) => {
  const { options, free } = await user(t);
  const run = (...words: string[]): ReturnType<typeof runRondo> =>
    runRondo(t, ['mirrors', ...words, '--port', String(free)], options);
  const nobody = await run('drain', 'a');
  assert.deepEqual([nobody.code, nobody.stdout], [2, '']);
  assert.match(nobody.stderr, /no Rondo answers at [^]*hint: rondo serve/);
  for (const words of [['set', 'a', 'tier=2'], ['set', 'a'], ['drain'], ['drain', 'a', '--for', 'ever']]) {
    const wrong = await run(...words);
    assert.deepEqual([wrong.code, wrong.stdout], [2, ''], words.join(' '));
  }
});

test('where the server has a token it is sent by itself; who does not know it is told so', async (t) => {
  const { options, good } = await user(t);
  const secret = 'a-token-that-is-long-enough';
  const known = { ...options, env: { ...options.env, RONDO_SERVER_ADMIN_TOKEN: secret } };
  const rondo = startRondo(t, ['serve', '--port', '0'], known);
  const [, port = ''] = await rondo.written(/GOPROXY=http:\/\/127\.0\.0\.1:(\d+)/);
  const name = new URL(good).host;
  const page = await runRondo(t, ['mirrors', '--json', '--port', port], known);
  assert.equal(parse(page.stdout).source.kind, 'server', page.stderr);
  const drained = await runRondo(t, ['mirrors', 'drain', name, '--port', port], known);
  assert.equal(drained.code, 0, drained.stderr);
  const stranger = await runRondo(t, ['mirrors', '--json', '--port', port], options);
  assert.equal(parse(stranger.stdout).source.kind, 'probes');
  assert.match(stranger.stderr, /refuses: the API asks for the token of this Rondo.*; asking the mirrors/);
  const order = await runRondo(t, ['mirrors', 'drain', name, '--port', port], options);
  assert.equal(order.code, 2);
  assert.match(order.stderr, /refuses: the API asks for the token[^]*hint: .*RONDO_SERVER_ADMIN_TOKEN/);
  assert.doesNotMatch(stranger.stderr + order.stderr, new RegExp(secret));
});
