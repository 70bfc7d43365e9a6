import assert from 'node:assert/strict';
import { sha256 } from '../../../e2e/bench.ts';
import { fetchRaw } from '../../../support/http-client.ts';
import type { Mirror } from '../../../support/mirror-server.ts';
import { until } from '../../../support/until.ts';
import { assertExplained, mirrorsOf, quietWatch } from '../../invariants.ts';
import { MACHINE_TIMES } from '../../rows/loads.ts';
import { fileOf } from '../../rows/row-world.ts';
import type { Fault } from '../../../support/mirror-fault.ts';
import type { Scene } from './scene.ts';

/** All mirrors have `fault` and no other, or none; what the checksum database says comes as it should. */
async function all(mirrors: readonly Mirror[], fault?: Fault): Promise<void> {
  for (const mirror of mirrors) {
    await mirror.clearFaults();
    await mirror.resetLog();
    if (fault !== undefined) await mirror.setFault(fault, { kinds: ['info', 'zip'] });
  }
}

/** Requests for `path` that reached a mirror. */
async function askedFor(mirrors: readonly Mirror[], path: string) {
  const logs = await Promise.all(mirrors.map((mirror) => mirror.requests()));
  return logs.flat().filter((request) => request.path === path);
}

/** What clients and those who run Rondo do while mirrors are slow. */
export const CLIENT_SCENES: readonly Scene[] = [
  {
    name: 'clients-leave',
    what: 'client goes away',
    async run(t, bench) {
      const { mirrors, world } = bench;
      await all(mirrors, { kind: 'paced', overMs: 2000 });
      const rondo = await bench.serve(t, { keys: { ...MACHINE_TIMES, hedge: { tokens: '0' } } });
      const quiet = await quietWatch(rondo);
      const [shared, alone] = [fileOf(0, 'large-zip', world), fileOf(1, 'large-zip', world)];
      const leaving = new AbortController();
      const { signal } = leaving;
      const stays = fetchRaw(rondo.url + shared.path);
      const gone = [shared, alone].map(({ path }) => fetchRaw(rondo.url + path, { signal }));
      await until('both zips are asked for', async () => {
        const counts = await Promise.all([shared, alone].map(({ path }) => askedFor(mirrors, path)));
        return counts.every((asked) => asked.length > 0);
      });
      leaving.abort();
      await Promise.all(gone);
      const answer = await stays;
      assert.equal(answer.status, 200);
      assert.equal(sha256(answer.body), sha256(shared.bytes ?? Buffer.alloc(0)), 'who stays has it');
      const seen = await mirrorsOf(rondo);
      for (const { status, lastFailure } of seen)
        assert.deepEqual([status, lastFailure], ['HEALTHY', undefined]);
      // A zip that was begun is fetched to its end, for whoever asks next.
      await until('the other zip is there', async () => {
        const [left] = await askedFor(mirrors, alone.path);
        return left?.complete === true;
      });
      assert.equal((await askedFor(mirrors, alone.path)).length, 1);
      await all(mirrors);
      await quiet(world.modules, bench.divisor);
      assert.equal(await rondo.stop(), 0);
      return {
        said: 'who stays has it all; a zip that nobody waits for is fetched to its end; nobody charged',
      };
    },
  },
  {
    name: 'stop-in-hedge',
    what: 'SIGTERM in a hedge',
    async run(t, bench) {
      const { mirrors, world } = bench;
      await all(mirrors, { kind: 'slow', delayMs: 2000 });
      const rondo = await bench.serve(t, {
        keys: { ...MACHINE_TIMES, hedge: { first: '50ms' } },
      });
      const file = fileOf(1, 'small', world);
      const asking = fetchRaw(rondo.url + file.path);
      await until('a second mirror is asked', async () => (await askedFor(mirrors, file.path)).length >= 2);
      const stopping = rondo.stop();
      const answer = await asking;
      assert.deepEqual([answer.status, sha256(answer.body)], [200, sha256(file.bytes ?? Buffer.alloc(0))]);
      assert.equal(await stopping, 0, rondo.stderr());
      await all(mirrors);
      return { said: 'the request ended with 200, the process with 0' };
    },
  },
  {
    name: 'queue-full',
    what: 'queue full',
    async run(t, bench) {
      const { mirrors, world } = bench;
      const keys = {
        limits: { queue: '20' },
        connections: { slots_min: '4', slots_max: '4' },
        hedge: { tokens: '0' },
        ...MACHINE_TIMES,
      };
      const rondo = await bench.serve(t, { keys });
      const quiet = await quietWatch(rondo);
      // All come before any slot is free again.
      await all(mirrors, { kind: 'slow', delayMs: 3000 });
      const ended: { index: number; status: number; retryAfter: unknown }[] = [];
      const requests = Array.from({ length: 100 }, async (_, index) => {
        const { status, headers } = await fetchRaw(rondo.url + fileOf(2 * index + 1, 'small', world).path);
        ended.push({ index, status, retryAfter: headers['retry-after'] });
      });
      await until('the line is full', async () => ended.length >= 68);
      const turnedAway = [...ended];
      await all(mirrors);
      await Promise.all(requests);
      // Four slots at each of three mirrors and twenty in line.
      assert.deepEqual(new Set(turnedAway.map(({ status }) => status)), new Set([503]));
      assert.deepEqual(new Set(turnedAway.map(({ retryAfter }) => retryAfter)), new Set(['1']));
      const served = ended.filter(({ status }) => status === 200).length;
      assert.equal(served, 100 - turnedAway.length, JSON.stringify(ended.slice(turnedAway.length)));
      assertExplained(await mirrorsOf(rondo));
      await quiet(world.modules, bench.divisor);
      assert.equal(await rondo.stop(), 0);
      return { said: `${turnedAway.length} of 100 told at once to come back in a second, ${served} served` };
    },
  },
];
