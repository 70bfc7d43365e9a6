import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { get } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { test } from 'node:test';
import { ChecksumDatabase } from '../support/checksum-database.ts';
import { bigModule } from '../support/fixture-modules.ts';
import { goEnvironment, goWorkspace } from '../support/go-command.ts';
import '../support/loopback-only.ts';
import { reverseCleanup, serveRondo } from '../support/rondo-process.ts';
import { askedOf, assertCopyIsRight, chainOf, sha256, startMirrors } from './bench.ts';

const CLIENTS = 100;
const MIB = 2 ** 20;
/** Beyond what one client costs. Generous: a hundred copies of the file would be 25 times as much. */
const MAX_GROWTH_BYTES = 200 * MIB;
const PATH = '/example.com/huge/@v/v1.0.0.zip';

/** Downloads to nowhere, at the pace of this process; the hash of what came, in hex, if all of it came. */
function hashOf(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent: false }, (response) => {
      const hash = createHash('sha256');
      pipeline(response, hash).then(
        () => resolve(response.statusCode === 200 ? hash.digest('hex') : `status ${response.statusCode}`),
        reject,
      );
    });
    request.on('error', reject);
  });
}

/** Largest resident memory that a process ever had, in bytes; undefined where /proc does not tell. */
async function peakMemoryBytes(pid: number): Promise<number | undefined> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const found = /^VmHWM:\s+(\d+) kB$/m.exec(status);
  return found === null ? undefined : Number(found[1]) * 1024;
}

test('100 clients that ask for one cold zip of 50 MiB make one request to one mirror', async (context) => {
  const t = reverseCleanup(context);
  const [huge, warmUp] = await Promise.all([
    bigModule('example.com/huge', 'v1.0.0', 50),
    bigModule('example.com/warm', 'v1.0.0', 16),
  ]);
  const modules = [huge, warmUp];
  const database = ChecksumDatabase.over(modules);
  const mirrors = await startMirrors(t, ['a', 'b', 'c'], { modules, database });
  // Slow enough that all the clients come while it is under way.
  for (const mirror of mirrors) await mirror.setFault({ kind: 'paced', overMs: 3000 }, { kinds: ['zip'] });
  const workspace = await goWorkspace(t);
  const env = goEnvironment({ workspace, goproxy: chainOf(mirrors), gosumdb: database.key });
  // Half of the way held back, half of it streamed.
  const rondo = await serveRondo(t, { env, config: '[cache]\nhold = 1500ms\n' });
  // Workers, connections and buffers that any zip needs are there before memory is measured.
  assert.equal(await hashOf(`${rondo.url}/example.com/warm/@v/v1.0.0.zip`), sha256(warmUp.zip));
  const before = await peakMemoryBytes(rondo.pid);
  const hashes = await Promise.all(Array.from({ length: CLIENTS }, () => hashOf(`${rondo.url}${PATH}`)));
  const after = await peakMemoryBytes(rondo.pid);

  assert.deepEqual(new Set(hashes), new Set([sha256(huge.zip)]));
  assert.equal(hashes.length, CLIENTS);
  const asked = (await Promise.all(mirrors.map(askedOf))).flat();
  assert.equal(asked.filter(({ path }) => path === PATH).length, 1);
  const metrics = await rondo.metrics();
  assert.equal(metrics('rondo_flights_total', { kind: 'zip' }), 2);
  assert.equal(metrics('rondo_requests_total', { kind: 'zip', status: '200' }), CLIENTS + 1);
  if (before !== undefined && after !== undefined) {
    context.diagnostic(
      `memory at most ${Math.round(after / MIB)} MiB, ${Math.round(before / MIB)} MiB before`,
    );
    assert.ok(after - before < MAX_GROWTH_BYTES, `grew by ${Math.round((after - before) / MIB)} MiB`);
  }
  assert.equal(await rondo.stop(), 0);
  assert.equal(await assertCopyIsRight(rondo.cacheDir, modules), 4);
});
