import assert from 'node:assert/strict';
import { test } from 'node:test';
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { ownText } from './own-text.ts';

const MIB = 1024 * 1024;

test('it is the same text', () => {
  const ascii = fc.string({ unit: 'grapheme-ascii' });
  fc.assert(fc.property(ascii, (text) => assert.equal(ownText(text), text)));
});

test('what a piece was cut from is given back to memory', (t) => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const sent = Buffer.alloc(MIB, 'v1.0.0-aaaaaaaaaaaaaaaaaaaa\n');
  /** How much more is held when one short piece of each of 64 texts of 1 MiB is kept. */
  const heldBytes = (keep: (piece: string) => string): number => {
    const kept: string[] = [];
    collect();
    const before = bytesInUse();
    for (let n = 0; n < 64; n += 1) {
      kept.push(keep(sent.toString('latin1').slice(n, n + 25)));
    }
    collect();
    const held = bytesInUse() - before;
    assert.equal(kept.length, 64);
    return held;
  };
  const [cut, own] = [heldBytes((piece) => piece), heldBytes(ownText)];
  t.diagnostic(`figures: pieces hold ${Math.round(cut / MIB)} MiB, copies ${Math.round(own / MIB)} MiB`);
  assert.ok(cut > 32 * MIB, `the pieces alone hold ${cut} bytes`);
  assert.ok(own < 8 * MIB, `the copies hold ${own} bytes`);
});

/** Long texts that were made of bytes may lie outside the heap. */
function bytesInUse(): number {
  const { used_heap_size: heap, external_memory: external } = getHeapStatistics();
  return heap + external;
}
