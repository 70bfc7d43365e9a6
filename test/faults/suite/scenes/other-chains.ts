import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { createServer } from 'node:tls';
import type { Cause } from '../../../../src/balance/outcome.ts';
import { createAuthority, type Certificate } from '../../../support/certificates.ts';
import { fetchRaw } from '../../../support/http-client.ts';
import { listen, startRawServer } from '../../../support/raw-server.ts';
import { tempFolder, type Cleanup } from '../../../support/temp-folder.ts';
import { until } from '../../../support/until.ts';
import { assertExplained, mirrorsOf, quietWatch, tableOf } from '../../invariants.ts';
import { driveRow } from '../../rows/drive-row.ts';
import { fileOf } from '../../rows/row-world.ts';
import { MACHINE_TIMES, SMALL } from '../../rows/loads.ts';
import type { Row } from '../../rows/row.ts';
import type { Line } from '../line.ts';
import type { Serving, SuiteBench } from '../suite-bench.ts';
import type { Scene } from './scene.ts';

const AUTHORITY = createAuthority();
/** Enough that any rule by failures in a row would have shut the gate. */
const COLD_FILES = 6;
const DAY_MS = 24 * 3600 * 1000;

const NOTHING_WRONG: Row = { name: 'other-chain', what: 'nothing', load: SMALL, turns: [], sees: 'right' };

/** Something that speaks TLS in front of a port of this machine. */
async function tlsFront(t: Cleanup, { certPem, keyPem }: Certificate, port: number): Promise<URL> {
  const sockets: Socket[] = [];
  const server = createServer({ cert: certPem, key: keyPem }, (socket) => {
    const onward = connect({ port, host: '127.0.0.1' });
    sockets.push(socket.on('error', () => onward.destroy()));
    sockets.push(onward.on('error', () => socket.destroy()));
    socket.pipe(onward).pipe(socket);
  });
  server.on('tlsClientError', () => undefined);
  return (await listen(t, server, sockets, '127.0.0.1', 'https')).url;
}

/** All is right although the first mirror of `serving` is not, and that one is out for `cause`, which people are told. */
async function firstIsOut(
  t: Cleanup,
  bench: SuiteBench,
  serving: Serving,
  { causes, told }: { readonly causes: readonly Cause[]; readonly told: RegExp },
): Promise<Omit<Line, 'name' | 'what'>> {
  const rondo = await bench.serve(t, { keys: MACHINE_TIMES, ...serving });
  const quiet = await quietWatch(rondo);
  const { figures } = await driveRow(NOTHING_WRONG, { ...bench, url: rondo.url }, bench.divisor);
  const seen = await mirrorsOf(rondo);
  const [bad] = seen;
  const said = JSON.stringify(seen);
  assert.equal(figures.endings.right, figures.requests, said);
  assertExplained(seen);
  assert.ok(bad !== undefined && ['UNHEALTHY', 'TRIAL'].includes(bad.status), said);
  assert.ok(
    causes.some((each) => each === bad.lastFailure?.cause),
    said,
  );
  assert.match(await tableOf(t, rondo, bad.name, await tempFolder(t, 'home')), told);
  await quiet(bench.world.modules, bench.divisor);
  assert.equal(await rondo.stop(), 0, rondo.stderr());
  return { figures, state: `${bad.status}: ${bad.why}; ${bad.next.words}` };
}

async function certificate(
  t: Cleanup,
  bench: SuiteBench,
  cert: Certificate,
  told: RegExp,
): ReturnType<Scene['run']> {
  const [bad, good, better] = bench.mirrors;
  const front = await tlsFront(t, cert, bad.port);
  const file = join(await tempFolder(t, 'certs'), 'ca.pem');
  await writeFile(file, AUTHORITY.certPem);
  const serving = { chain: `${front.origin},${good.url},${better.url}`, env: { SSL_CERT_FILE: file } };
  return firstIsOut(t, bench, serving, { causes: ['certificate'], told });
}

/** Two Rondos, each with the other as its only mirror; the first one's URL. */
async function loopOfTwo(t: Cleanup, bench: SuiteBench): Promise<string> {
  let second = 0;
  const sockets: Socket[] = [];
  // The second one's port is not known before the first one runs.
  const front = await startRawServer(t, (socket) => {
    const onward = connect({ port: second, host: '127.0.0.1' });
    sockets.push(onward.on('error', () => socket.destroy()));
    socket.pipe(onward).pipe(socket);
  });
  t.after(async () => sockets.forEach((socket) => socket.destroy()));
  const first = await bench.serve(t, { chain: front.url.origin });
  second = Number(new URL((await bench.serve(t, { chain: first.url })).url).port);
  return first.url;
}

/** Chains other than three mirrors of which one is bad. */
export const CHAIN_SCENES: readonly Scene[] = [
  {
    name: 'tls-expired',
    what: 'TLS certificate expired',
    run: (t, bench) => {
      const cert = AUTHORITY.issue(['127.0.0.1'], { untilMs: Date.now() - DAY_MS / 2 });
      return certificate(t, bench, cert, /certificate[^]*expired/i);
    },
  },
  {
    name: 'tls-wrong-name',
    what: 'TLS certificate of another name',
    run: (t, bench) => certificate(t, bench, AUTHORITY.issue(['other.example']), /certificate/i),
  },
  {
    name: 'dns',
    what: 'DNS failure',
    run: (t, bench) => {
      const [, good, better] = bench.mirrors;
      const chain = `http://mirror.invalid,${good.url},${better.url}`;
      // Without a network at all the resolver says that it cannot tell.
      return firstIsOut(
        t,
        bench,
        { chain },
        { causes: ['dns', 'network-down', 'connect-timeout'], told: /mirror\.invalid/ },
      );
    },
  },
  {
    name: 'rondo-behind-rondo',
    what: "a laptop's Rondo in front of a team's Rondo",
    async run(t, bench) {
      const team = await bench.serve(t, { keys: MACHINE_TIMES });
      const laptop = await bench.serve(t, { keys: MACHINE_TIMES, chain: team.url });
      const { figures, answers } = await driveRow(
        NOTHING_WRONG,
        { ...bench, url: laptop.url },
        bench.divisor,
      );
      assert.deepEqual(
        answers.filter(({ ending }) => ending !== 'right'),
        [],
      );
      assert.equal((await mirrorsOf(laptop))[0]?.status, 'HEALTHY');
      return { figures };
    },
  },
  {
    name: 'rondo-without-mirrors',
    what: "a laptop's Rondo in front of a team's Rondo whose mirrors are down",
    async run(t, bench) {
      const team = await bench.serve(t, { keys: MACHINE_TIMES });
      const laptop = await bench.serve(t, { keys: MACHINE_TIMES, chain: team.url });
      for (const mirror of bench.mirrors) await mirror.clearFaults();
      const warm = fileOf(0, 'small', bench.world);
      assert.equal((await fetchRaw(team.url + warm.path)).status, 200);
      for (const mirror of bench.mirrors) await mirror.setFault({ kind: 'status', status: 503 });
      const said: string[] = [];
      for (let index = 2; index < 2 + 2 * COLD_FILES; index += 2) {
        const { status, headers } = await fetchRaw(laptop.url + fileOf(index, 'small', bench.world).path);
        assert.ok(status >= 502, `${status}`);
        said.push(/: (50\d) /.exec(String(headers['x-rondo-tried']))?.[1] ?? `${status} without the team's`);
      }
      const [cold] = await mirrorsOf(laptop);
      const { status, body } = await fetchRaw(laptop.url + warm.path);
      assert.equal(status, 200, body.toString());
      assert.deepEqual(body, warm.bytes);
      assert.deepEqual([cold?.status, cold?.lastFailure?.cause], ['HEALTHY', 'unable'], JSON.stringify(cold));
      for (const mirror of bench.mirrors) await mirror.clearFaults();
      return { said: `cold files ${said.join(' ')}: ${cold?.why ?? ''}; then a warm one ${status}` };
    },
  },
  {
    name: 'rondo-loop',
    what: 'a loop of two Rondos',
    async run(t, bench) {
      const url = await loopOfTwo(t, bench);
      const file = fileOf(0, 'small', bench.world);
      let [status, said] = [0, ''];
      // Until the first has found that the second is there.
      await until('the loop is named', async () => {
        const answer = await fetchRaw(url + file.path);
        [status, said] = [answer.status, answer.body.toString()];
        return said.includes('leads back to it');
      });
      assert.equal(status, 508, said);
      return { said: `${status} ${said.split('\n')[0] ?? ''}` };
    },
  },
];
