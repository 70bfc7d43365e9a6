import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createIndexQueue } from './index-queue.ts';
import type { IndexChange } from './index-row.ts';

const PUT: IndexChange = { kind: 'put', sizeBytes: 10, etag: '"a-1"', atS: 1 };
const PROVED: IndexChange = {
  kind: 'proved',
  provenance: { verified: 'database', h1: 'h1:x', etag: '"a-1"', mirror: 'm', at: 5 },
};

function waiting(changes: readonly IndexChange[]): IndexChange | undefined {
  const queue = createIndexQueue();
  for (const change of changes) queue.add('k', change);
  return queue.next(10).changes[0]?.[1];
}

test('what happened to one file is one change', () => {
  const proven = { ...PUT, provenance: PROVED.provenance };
  assert.deepEqual(waiting([PUT, PROVED]), proven);
  assert.deepEqual(waiting([PUT, PROVED, { kind: 'unproved' }]), PUT);
  assert.deepEqual(waiting([PUT, { kind: 'gone' }]), { kind: 'gone' });
  assert.deepEqual(waiting([{ kind: 'gone' }, PUT]), PUT);
  assert.deepEqual(waiting([PROVED, PUT]), PUT, 'a new file has no provenance yet');
  const ofAnother = { kind: 'proved', provenance: { ...PROVED.provenance, etag: '"b-2"' } } as const;
  assert.deepEqual(waiting([PUT, ofAnother]), PUT);
});

test('a request from before a file came says nothing of it, one from after does', () => {
  const queue = createIndexQueue();
  queue.touch('a', 1000);
  queue.add('a', PUT);
  assert.deepEqual(queue.next(9).touches, []);
  queue.touch('a', 2000);
  assert.deepEqual(queue.next(9).touches, [['a', 2000]]);
});

test('a batch waits until it is done, and what came meanwhile waits on', () => {
  const queue = createIndexQueue();
  queue.add('a', PUT);
  queue.touch('a', 1000);
  queue.touch('b', 2000);
  const batch = queue.next(2);
  assert.deepEqual(batch, { changes: [['a', PUT]], touches: [['a', 1000]] });
  assert.deepEqual(queue.next(2), batch, 'asked again before it is done');
  queue.touch('a', 3000);
  queue.add('a', { kind: 'gone' });
  queue.done(batch);
  assert.deepEqual(queue.next(9), {
    changes: [['a', { kind: 'gone' }]],
    touches: [
      ['a', 3000],
      ['b', 2000],
    ],
  });
});

test('the bytes that were put are those of the version files that wait', () => {
  const key = fc.constantFrom('a.example/m/@v/v1.0.0.zip', 'b.example/m/@v/v1.0.0.mod', 'sumdb/s/latest');
  const step = fc.oneof(
    fc.record({ do: fc.constant('put' as const), key, sizeBytes: fc.nat(100) }),
    fc.record({ do: fc.constant('gone' as const), key }),
    fc.record({ do: fc.constant('write' as const), limit: fc.integer({ min: 1, max: 3 }) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const queue = createIndexQueue();
      for (const each of steps) {
        if (each.do === 'put') queue.add(each.key, { ...PUT, sizeBytes: each.sizeBytes });
        else if (each.do === 'gone') queue.add(each.key, { kind: 'gone' });
        else queue.done(queue.next(each.limit));
        const sizes = queue
          .next(99)
          .changes.map(([name, change]) =>
            change.kind === 'put' && name.includes('@v') ? change.sizeBytes : 0,
          );
        assert.equal(
          queue.putBytes(),
          sizes.reduce((sum, size) => sum + size, 0),
        );
      }
    }),
  );
});

test('an index that fails for long costs bounded memory, and what is forgotten is told', () => {
  const queue = createIndexQueue();
  for (let n = 0; n < 100_000; n += 1) queue.add(`k.example/m/@v/v${n}.0.0.mod`, PUT);
  assert.equal(queue.takeOverflow(), false);
  for (let n = 0; n < 500; n += 1) queue.add(`more${n}`, PUT);
  for (let n = 0; n < 100_500; n += 1) queue.touch(`k${n}`, n);
  assert.equal(queue.size(), 200_000);
  assert.equal(queue.putBytes(), 99_500 * 10);
  assert.equal(queue.next(1).changes[0]?.[0], 'k.example/m/@v/v500.0.0.mod', 'the oldest is forgotten');
  assert.equal(queue.takeOverflow(), true);
  assert.equal(queue.takeOverflow(), false);
});

test('a file that is gone stays gone when its record goes behind it', () => {
  const queue = createIndexQueue();
  queue.add('a', { kind: 'gone' });
  queue.add('a', { kind: 'unproved' });
  assert.deepEqual(queue.next(10).changes, [['a', { kind: 'gone' }]]);
});
