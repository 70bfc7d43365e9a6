import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import type { Config } from '../src/config/config.ts';
import { RondoError } from '../src/errors/rondo-error.ts';
import type { RondoEvent } from '../src/events/events.ts';
import { createReloader, type Reloader } from '../src/reload.ts';
import { configUser } from './support/config-user.ts';
import { settle } from './support/virtual-clock.ts';

/** A configuration in use, how it becomes another one, and what is told of that. */
async function world(t: TestContext) {
  const { load } = await configUser(t);
  const first = await load();
  const swaps: (readonly [Config, Config])[] = [];
  const events: RondoEvent[] = [];
  const state: { read: () => Promise<Config>; refuses: Error | undefined } = {
    read: () => Promise.resolve(first),
    refuses: undefined,
  };
  const reloader: Reloader = createReloader({
    config: first,
    read: () => state.read(),
    swap(before, after) {
      if (state.refuses !== undefined) throw state.refuses;
      swaps.push([before, after]);
    },
    emit: (event) => events.push(event),
  });
  const told = (): string[] =>
    events
      .splice(0)
      .flatMap((event) =>
        event.type === 'notice'
          ? `${event.level}: ${event.message}`
          : event.type === 'reload'
            ? event.result
            : [],
      );
  return { load, first, swaps, told, state, reloader };
}

const ENV = { GOPROXY: 'https://a.example' };

test('what is right is gone on with, and told; what needs a restart too, each time', async (t) => {
  const { load, first, swaps, told, state, reloader } = await world(t);
  state.read = () =>
    load({ env: { ...ENV, RONDO_CACHE_MAX_SIZE: '1GiB', RONDO_CACHE_MEMORY: '1MiB', RONDO_TYPO: 'x' } });
  const done = await reloader.reload('SIGHUP');
  assert.deepEqual(
    [done.kind, done.kind === 'done' && done.changed, done.kind === 'done' && done.restart],
    ['done', ['cache.max_size'], ['cache.memory']],
  );
  const [info, restart, warning, ...event] = told();
  assert.equal(info, 'info: the configuration was read again (SIGHUP); changed: cache.max_size');
  assert.equal(restart, 'warn: needs a restart, and is as it was until then: cache.memory');
  assert.match(warning ?? '', /^warn: .*RONDO_TYPO/);
  assert.deepEqual(event, ['applied']);
  const { cache } = reloader.config();
  assert.deepEqual([cache.maxBytes, cache.memoryBytes], [2 ** 30, first.cache.memoryBytes]);
  assert.deepEqual(swaps, [[first, reloader.config()]]);
  await reloader.reload('an order');
  assert.deepEqual(told(), [
    'info: the configuration was read again (an order); nothing has changed',
    'warn: needs a restart, and is as it was until then: cache.memory',
    'applied',
  ]);
});

test('what is wrong changes nothing, and is told with its place, whatever it is', async (t) => {
  const { first, swaps, told, state, reloader } = await world(t);
  state.read = () =>
    Promise.reject(new RondoError('E_CONFIG', '/f:3: there is no key "x"', { hint: 'did you mean y?' }));
  const refused = await reloader.reload('a file has changed');
  assert.equal(refused.kind === 'refused' && refused.error.code, 'E_CONFIG');
  assert.deepEqual(told(), [
    'error: the configuration in use stays: /f:3: there is no key "x" (did you mean y?)',
    'refused',
  ]);
  state.read = () => Promise.resolve({ ...first });
  state.refuses = new RondoError('E_BAD_MIRROR_URL', 'mirror x: a file URL that names no local folder');
  await reloader.reload('SIGHUP');
  assert.match(told()[0] ?? '', /^error: the configuration in use stays: mirror x: /);
  state.read = () => Promise.reject(new TypeError('boom'));
  const bug = await reloader.reload('SIGHUP');
  assert.equal(bug.kind === 'refused' && bug.error.code, 'E_BUG');
  assert.deepEqual([reloader.config() === first, swaps], [true, []]);
});

test('a file that only changed its date is no news', async (t) => {
  const { told, reloader } = await world(t);
  await reloader.reload('a file has changed');
  assert.deepEqual(told(), [
    'debug: the configuration was read again (a file has changed); nothing has changed',
    'unchanged',
  ]);
});

test('one at a time; who asks while another waits is served by that, and reads what is there then', async (t) => {
  const { first, told, state, reloader } = await world(t);
  const reads: ((config: Config) => void)[] = [];
  state.read = () => new Promise((resolve) => reads.push(resolve));
  const asked = [reloader.reload('SIGHUP')];
  await settle();
  for (let n = 0; n < 50; n += 1) asked.push(reloader.reload('an order'));
  await settle();
  assert.equal(reads.length, 1);
  reads[0]?.(first);
  await settle();
  assert.equal(reads.length, 2);
  const newest = { ...first, errorsAs404: true };
  reads[1]?.(newest);
  const ends = await Promise.all(asked);
  assert.deepEqual(new Set(ends).size, 2);
  assert.equal(reloader.config().errorsAs404, true);
  assert.equal(told().filter((line) => line === 'applied' || line === 'unchanged').length, 2);
});
