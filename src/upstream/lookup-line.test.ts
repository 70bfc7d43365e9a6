import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLookupLine, type LookupLine } from './lookup-line.ts';

/** Who has begun, in order, and how to end the one that runs. */
function watched(line: LookupLine) {
  const begun: string[] = [];
  const ends: (() => void)[] = [];
  const join = (owner: object, name: string): (() => void) | undefined =>
    line.join(owner, (over) => {
      begun.push(name);
      ends.push(over);
    });
  return { begun, join, end: () => ends.at(-1)?.() };
}

test('one at a time, and the owners take turns however many one has', () => {
  const line = createLookupLine();
  const { begun, join, end } = watched(line);
  const [a, b] = [{}, {}];
  for (let n = 1; n <= 4; n += 1) join(a, `a${n}`);
  assert.deepEqual([line.isOf(a), line.isOf(b)], [true, false]);
  join(b, 'b1');
  join(b, 'b2');
  assert.deepEqual(begun, ['a1']);
  for (let n = 0; n < 5; n += 1) end();
  assert.deepEqual(begun, ['a1', 'a2', 'b1', 'a3', 'b2', 'a4']);
  end();
  assert.equal(line.isOf(a), false);
  join(b, 'b3');
  assert.equal(begun.at(-1), 'b3', 'nobody is in it any more');
});

test('an owner has four places beside the one that runs; who leaves is never begun', () => {
  const { begun, join, end } = watched(createLookupLine());
  const a = {};
  const places = [1, 2, 3, 4, 5].map((n) => join(a, `a${n}`));
  assert.equal(join(a, 'a6'), undefined);
  assert.ok(join({}, 'b1'), 'another owner has his own');
  for (const place of places.slice(0, 4)) place?.();
  assert.ok(join(a, 'a7'));
  for (let n = 0; n < 5; n += 1) end();
  assert.deepEqual(begun, ['a1', 'a5', 'b1', 'a7']);
});

test('a look-up that says twice that it is over lets one begin', () => {
  const line = createLookupLine();
  const begun: number[] = [];
  let over: () => void = () => undefined;
  line.join({}, (end) => (over = end));
  for (const n of [1, 2]) line.join({}, () => begun.push(n));
  over();
  over();
  assert.deepEqual(begun, [1]);
});
