import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { settle, VirtualClock } from '../../test/support/virtual-clock.ts';
import { tempFolder } from '../../test/support/temp-folder.ts';
import { Notifier } from '../kit/notifier.ts';
import { ChunkPool } from '../store/chunk-pool.ts';
import { createSpool, type Spool } from '../store/spool.ts';
import { FlightReader, type Phase } from './flight-reader.ts';

const CHUNK = 1024;
const SIZE = 20 * CHUNK;

/** A flight of which the test says how far it is; its spool is in a file. */
class HandmadeFlight {
  phase: Phase = { kind: 'flying' };
  readonly pool: ChunkPool;
  readonly spool: Spool;
  readonly conflicts: number[] = [];
  readers = 0;
  readonly #changes = new Notifier();
  readonly #clock = new VirtualClock();

  constructor(dir: string, pool: ChunkPool) {
    this.pool = pool;
    this.spool = createSpool({ dir, spillBytes: 0, chunks: pool });
  }

  open(): FlightReader {
    this.readers += 1;
    return new FlightReader({
      clock: this.#clock,
      startedMs: 0,
      spool: this.spool,
      phase: () => this.phase,
      conflicts: this.conflicts,
      releasedBytes: () => this.spool.sizeBytes,
      given: () => undefined,
      announcedBytes: () => undefined,
      mirror: () => undefined,
      tried: () => undefined,
      timings: () => [],
      changed: () => this.#changes.changed(),
      wake: () => this.#changes.notify(),
      leave: async () => void (this.readers -= 1),
    });
  }

  async append(text: string, sizeBytes: number): Promise<void> {
    await this.spool.append(Buffer.alloc(sizeBytes, text));
    this.#changes.notify();
  }

  async becomeAnother(offset: number): Promise<void> {
    this.conflicts.push(offset);
    await this.spool.truncate(offset);
  }

  land(): void {
    this.phase = { kind: 'whole' };
    this.#changes.notify();
  }
}

async function flightInFile(t: TestContext, pool: ChunkPool): Promise<HandmadeFlight> {
  const flight = new HandmadeFlight(await tempFolder(t), pool);
  t.after(() => flight.spool.discard());
  return flight;
}

async function textOf(reader: FlightReader): Promise<string> {
  let text = '';
  for await (const chunk of reader.body()) {
    // As late as a socket may look at it.
    await settle();
    text += chunk.toString('latin1');
  }
  return text;
}

test('many readers of a flight share what was read, while it flies and when it has landed', async (t) => {
  const flight = await flightInFile(t, new ChunkPool({ chunkBytes: CHUNK, maxChunks: 4, maxQuarters: 0 }));
  const early = Array.from({ length: 200 }, () => textOf(flight.open()));
  for (let part = 0; part < 20; part += 1) await flight.append(String.fromCodePoint(97 + part), CHUNK);
  const late = Array.from({ length: 200 }, () => textOf(flight.open()));
  flight.land();
  const texts = await Promise.all([...early, ...late]);
  const expected = Array.from({ length: 20 }, (_, part) =>
    String.fromCodePoint(97 + part).repeat(CHUNK),
  ).join('');
  assert.ok(texts.every((text) => text === expected));
  assert.equal(flight.readers, 0);
  assert.ok(flight.pool.sizeBytes <= 4 * CHUNK);
});

test('a reader that was given other bytes is cut, one that was not gets the right file', async (t) => {
  const flight = await flightInFile(t, new ChunkPool({ chunkBytes: CHUNK, maxChunks: 4 }));
  await flight.append('a', SIZE);
  const far = flight.open().body();
  const near = flight.open().body();
  await far.next();
  await far.next();
  await near.next();
  await flight.becomeAnother(CHUNK + 10);
  await flight.append('b', SIZE);
  flight.land();
  await assert.rejects(far.next(), { code: 'E_BAD_CONTENT' });
  let text = '';
  for await (const chunk of near) text += chunk.toString('latin1');
  assert.equal(text, 'a'.repeat(10) + 'b'.repeat(SIZE));
  assert.equal(flight.readers, 0);
});

test('a reader that leaves gives its chunk back, whether it has one or waits for one', async (t) => {
  const flight = await flightInFile(t, new ChunkPool({ chunkBytes: CHUNK, maxChunks: 1, maxQuarters: 0 }));
  await flight.append('a', CHUNK);
  const having = flight.open().body();
  await having.next();
  await having.return?.();
  await flight.append('b', CHUNK);
  const waiting = flight.open().body();
  for (let part = 0; part < 2; part += 1) {
    assert.equal((await waiting.next()).value?.length, CHUNK, 'the only chunk of the pool is free');
  }
  const pending = waiting.next();
  await settle();
  await waiting.return?.();
  assert.equal((await pending).done, true);
  assert.equal(flight.readers, 0);
});

test('the bytes of a file that is larger than a chunk are its own', async (t) => {
  const flight = await flightInFile(t, new ChunkPool({ chunkBytes: CHUNK, maxChunks: 1, maxQuarters: 0 }));
  await flight.append('a', CHUNK);
  await flight.append('b', CHUNK);
  await flight.append('c', CHUNK);
  flight.land();
  const bytes = await flight.open().bytes();
  assert.equal(bytes.toString('latin1'), 'a'.repeat(CHUNK) + 'b'.repeat(CHUNK) + 'c'.repeat(CHUNK));
});
