import '../../test/support/loopback-only.ts';
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { onRequests, rawAnswer, startRawServer } from '../../test/support/raw-server.ts';
import { attempt, found, other, textOf, upstreamForTest } from '../../test/support/upstream-for-test.ts';
import { until } from '../../test/support/until.ts';
import { settle, VirtualClock } from '../../test/support/virtual-clock.ts';
import type { AttemptAnswer } from './attempt.ts';
import { createLookupLine } from './lookup-line.ts';
import type { Network } from './network.ts';

const HOME = { address: '127.0.0.1', family: 4 };
/** What libuv does at most at a time, of the kind that a look-up is. */
const THREADS = 2;

type Resolver = Network & {
  /** Names in the order in which a thread took them up. */
  readonly taken: string[];
  /** While set, names that match are not answered. */
  silent: RegExp;
  /** Answers what `silent` has held back. */
  release(): void;
};

/** A resolver with as many threads as a process has; all names are on loopback, which plays the Internet. */
function resolver(): Resolver {
  const waiting: { readonly name: string; readonly done: () => void }[] = [];
  const held: (() => void)[] = [];
  let busy = 0;
  const work = (): void => {
    while (busy < THREADS) {
      const next = waiting.shift();
      if (next === undefined) return;
      busy += 1;
      network.taken.push(next.name);
      const end = (): void => {
        busy -= 1;
        next.done();
        work();
      };
      if (network.silent.test(next.name)) held.push(end);
      else setImmediate(end);
    }
  };
  const network: Resolver = {
    taken: [],
    silent: /^$/,
    release() {
      network.silent = /^$/;
      for (const end of held.splice(0)) end();
    },
    lookup(name, _options, callback) {
      waiting.push({ name, done: () => callback(null, [HOME]) });
      work();
    },
    isPublic: () => true,
    line: createLookupLine(),
  };
  return network;
}

/** A mirror that closes each connection, so that each request needs a name; `location` makes it redirect. */
async function mirror(t: TestContext, location?: () => string): Promise<number> {
  const { port } = await startRawServer(t, (socket) =>
    onRequests(socket, () =>
      socket.end(
        location === undefined
          ? rawAnswer(200, 'file', { connection: 'close' })
          : rawAnswer(307, 'moved', { location: location(), connection: 'close' }),
      ),
    ),
  );
  return port;
}

/** What becomes of an attempt, once it is known. */
function watch(answer: Promise<AttemptAnswer>): { readonly said: () => AttemptAnswer | undefined } {
  let said: AttemptAnswer | undefined;
  void answer.then((each) => (said = each));
  return { said: () => said };
}

/** Waits for what sockets bring about; what does not come is said so after half a minute. */
async function eventually(holds: () => boolean): Promise<void> {
  await until(holds.toString(), () => settle().then(holds));
}

test('redirects to names without end do not hold up the look-ups of another mirror', async (t) => {
  const [clock, network] = [new VirtualClock(), resolver()];
  let count = 0;
  const evilPort = await mirror(t, () => `http://n${(count += 1)}.slow.example/`);
  const honestPort = await mirror(t);
  network.silent = /slow/;
  const evil = upstreamForTest(t, new URL(`http://127.0.0.1:${evilPort}`), { clock, network });
  const asked = Array.from({ length: 32 }, () => watch(attempt(evil, '/x')));
  // All but the one that is looked up and those that wait.
  await eventually(() => asked.filter(({ said }) => said() !== undefined).length === 27);
  assert.deepEqual([count, network.taken.length], [32, 1]);
  for (const { said } of asked) {
    const answer = said();
    if (answer !== undefined) assert.equal(other(answer).outcome.cause, 'bad-redirect');
  }
  const honest = upstreamForTest(t, new URL(`http://honest.example:${honestPort}`), { clock, network });
  for (let n = 0; n < 3; n += 1) assert.equal(await textOf(found(await attempt(honest, '/x')).body), 'file');
  network.release();
});

test('an honest redirect waits for its turn and no longer, and is not charged', async (t) => {
  const [clock, network] = [new VirtualClock(), resolver()];
  const storePort = await mirror(t);
  let count = 0;
  const evilPort = await mirror(t, () => `http://n${(count += 1)}.slow.example/`);
  const honestPort = await mirror(t, () => `http://store.example:${storePort}/`);
  network.silent = /slow/;
  const evil = upstreamForTest(t, new URL(`http://127.0.0.1:${evilPort}`), { clock, network });
  const honest = upstreamForTest(t, new URL(`http://127.0.0.1:${honestPort}`), { clock, network });
  const slow = [1, 2, 3].map(() => watch(attempt(evil, '/x')));
  await eventually(() => network.taken.length === 1);
  const early = watch(attempt(honest, '/x'));
  // Of each attempt one for its headers and one for its connection, and one for each of the three that wait in line.
  await eventually(() => network.taken.length === 1 && clock.pending === 11);
  await clock.advance(2500);
  await eventually(() => [early, ...slow].filter(({ said }) => said() !== undefined).length === 3);
  assert.equal(other(early.said() ?? assert.fail()).outcome.class, 'neutral');
  const itself = slow.flatMap(({ said }) => said() ?? []).map((answer) => other(answer).outcome);
  assert.deepEqual(
    itself.map(({ cause }) => cause),
    ['bad-redirect', 'bad-redirect'],
    'who waits behind a name of his own',
  );
  network.release();
  assert.equal(await textOf(found(await attempt(honest, '/x')).body), 'file');
});

test('where a look-up takes long, the addresses that the name had lately are used', async (t) => {
  const [clock, network] = [new VirtualClock(), resolver()];
  const port = await mirror(t);
  const upstream = upstreamForTest(t, new URL(`http://mirror.example:${port}`), { clock, network });
  assert.equal(await textOf(found(await attempt(upstream, '/x')).body), 'file');
  network.silent = /./;
  const asked = [1, 2, 3].map(() => watch(attempt(upstream, '/x')));
  await eventually(() => network.taken.length === 2 && clock.pending === 9);
  await clock.advance(299);
  assert.deepEqual(
    asked.map(({ said }) => said()),
    [undefined, undefined, undefined],
  );
  await clock.advance(1);
  await eventually(() => asked.every(({ said }) => said()?.kind === 'found'));
  assert.equal(network.taken.length, 2, 'all share one look-up');
  for (const { said } of asked) await textOf(found(said() ?? assert.fail()).body);
  await clock.advance(600_000);
  const forgotten = watch(attempt(upstream, '/x'));
  await settle();
  await clock.advance(5000);
  await eventually(() => forgotten.said() !== undefined);
  assert.equal(other(forgotten.said() ?? assert.fail()).outcome.cause, 'connect-timeout');
  network.release();
});

test('so are those of a redirect, even behind names without end of its own mirror', async (t) => {
  const [clock, network] = [new VirtualClock(), resolver()];
  const storePort = await mirror(t);
  let to = 'store';
  let count = 0;
  const port = await mirror(
    t,
    () => `http://${to === 'store' ? to : `n${(count += 1)}`}.example:${storePort}/`,
  );
  const upstream = upstreamForTest(t, new URL(`http://127.0.0.1:${port}`), { clock, network });
  assert.equal(await textOf(found(await attempt(upstream, '/x')).body), 'file');
  network.silent = /./;
  to = 'others';
  const others = Array.from({ length: 5 }, () => watch(attempt(upstream, '/x')));
  // One is looked up, and four wait.
  await eventually(() => network.taken.length === 2 && clock.pending === 14);
  to = 'store';
  assert.equal(await textOf(found(await attempt(upstream, '/x')).body), 'file');
  assert.equal(others.length, 5);
  network.release();
});
