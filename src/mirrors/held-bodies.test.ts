import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { NO_HEDGE, scriptedMirrors } from '../../test/support/scripted-mirrors.ts';
import type { Line } from '../../test/support/scripted-upstream.ts';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import type { RemoteFile } from '../gomod/module-file.ts';
import type { Mirrors } from './mirrors.ts';

const FILES = 200;
const BODY = Buffer.alloc(1000, 'x');
/** The fastest to its first byte, and then it holds the body back for less than what anybody would call slow. */
const HOLDS: Line = { do: 'answer', afterMs: 10, body: BODY, chunkBytes: BODY.length, paceMs: 900 };
/** As much in ten drops, each within a tenth of a second. */
const DRIPS: Line = { ...HOLDS, chunkBytes: 100, paceMs: 90 };
const GOOD: Line = { do: 'answer', afterMs: 60, body: BODY, chunkBytes: BODY.length };

const KINDS: Readonly<Record<string, (n: number) => RemoteFile>> = {
  mod: (n) => ({ kind: 'mod', module: `example.com/m${n}`, version: 'v1.0.0' }),
  list: (n) => ({ kind: 'list', module: `example.com/m${n}` }),
  zip: (n) => ({ kind: 'zip', module: `example.com/m${n}`, version: 'v1.0.0' }),
};

async function fetchOne(clock: VirtualClock, mirrors: Mirrors, file: RemoteFile): Promise<void> {
  let isOver = false;
  const fetched = (async () => {
    const question = { file, method: 'GET', maxBodyBytes: 10_000 } as const;
    const found = await mirrors.ask(question, new AbortController().signal);
    let bytes = 0;
    for await (const chunk of found.body) bytes += chunk.length;
    found.settle({ kind: 'complete', bytes });
  })().finally(() => (isOver = true));
  while (!isOver) await clock.advance(10);
  await fetched;
}

async function shareOf(t: TestContext, line: Line, kind: string): Promise<number> {
  const clock = new VirtualClock();
  const { mirrors, upstreams } = scriptedMirrors(
    clock,
    { a: { script: line }, b: { script: GOOD } },
    NO_HEDGE,
  );
  for (let n = 0; n < FILES; n += 1)
    await fetchOne(clock, mirrors, KINDS[kind]?.(n) ?? assert.fail('no such kind'));
  await mirrors.close();
  const share = (upstreams['a']?.asked.length ?? FILES) / FILES;
  t.diagnostic(`figures: ${kind}: ${share * 100}% for the mirror that holds bodies back`);
  return share;
}

for (const kind of Object.keys(KINDS)) {
  test(`a mirror whose first byte is the fastest and whose body comes 0.9 s later loses its share: ${kind}`, async (t) => {
    assert.ok((await shareOf(t, HOLDS, kind)) < 0.2);
  });
}

test('so does one that lets a small body drip', async (t) => {
  for (const kind of Object.keys(KINDS)) assert.ok((await shareOf(t, DRIPS, kind)) < 0.2, kind);
});
