import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Found } from '../mirrors/answer.ts';
import { Resumption } from './resumption.ts';
import type { TransferEnd } from './transfer.ts';

const TOTAL = 1000;

function found(mirror: string, more: Partial<Found> = {}): Found {
  return {
    mirror,
    contentLength: TOTAL,
    headers: {},
    body: (async function* () {})(),
    waitedMs: 0,
    startBytes: 0,
    vouched: false,
    validator: `"${mirror}"`,
    cancel: () => undefined,
    settle: () => undefined,
    ...more,
  };
}

function broken(bytes: number, startBytes = 0, differed = false): TransferEnd {
  const outcome = { class: 'http', cause: 'reset', detail: 'reset' } as const;
  return { kind: 'broken', outcome, bytes, position: startBytes + bytes, differed };
}

function whole(bytes: number): TransferEnd {
  return { kind: 'whole', bytes, position: TOTAL, differed: false };
}

test('a mirror that brought less than is here already changes nothing but who is asked first', () => {
  const resumption = new Resumption(3);
  resumption.ended(found('a'), broken(900));
  resumption.ended(found('b'), broken(1));
  const point = { mirror: 'a', bytes: 900, first: 'no', validator: '"a"', totalBytes: TOTAL };
  assert.deepEqual([resumption.point, resumption.joined], [point, false]);
});

test('… unless what it brought is another file', () => {
  const resumption = new Resumption(3);
  for (const bytes of [50, 900]) {
    resumption.ended(found('a'), broken(900));
    resumption.ended(found('b'), broken(bytes, 0, true));
    const { point } = resumption;
    assert.deepEqual([point?.mirror, point?.bytes, point?.validator], ['b', bytes, '"b"']);
  }
});

test('a mirror that says that it sends parts is asked first, so often and no more; any other only if it is alone', () => {
  const resumption = new Resumption(2);
  const firsts = [broken(10), broken(10, 10), broken(10, 20)].map((end, n) => {
    const headers = { 'accept-ranges': 'bytes' };
    resumption.ended(found('a', n === 0 ? { headers } : { startBytes: n * 10 }), end);
    return resumption.point?.first;
  });
  assert.deepEqual(firsts, ['yes', 'yes', 'no']);
  const { validator: _, ...unvouched } = found('b');
  resumption.ended(unvouched, broken(100));
  assert.equal(resumption.point?.first, 'alone');
  const { contentLength: __, ...unmeasured } = unvouched;
  resumption.ended(unmeasured, broken(200));
  assert.equal(resumption.point.first, 'no', 'nothing says which file it would be the rest of');
});

test('a rest that somebody else vouches for does not undo a join; a beginning does', () => {
  const resumption = new Resumption(3);
  resumption.ended(found('a'), broken(500));
  assert.equal(resumption.joined, false);
  resumption.ended(found('b', { startBytes: 500 }), broken(100, 500));
  assert.equal(resumption.joined, true);
  resumption.ended(found('b', { startBytes: 600, vouched: true }), broken(100, 600));
  assert.equal(resumption.joined, true);
  resumption.ended(found('c'), whole(TOTAL));
  assert.deepEqual([resumption.joined, resumption.point], [false, undefined]);
});

test('after a join that was wrong nobody is asked for the rest of a file that is only as long', () => {
  const resumption = new Resumption(3);
  resumption.ended(found('a'), broken(500));
  resumption.ended(found('b', { startBytes: 500 }), whole(500));
  resumption.unjoin();
  assert.deepEqual([resumption.point, resumption.joined], [undefined, false]);
  resumption.ended(found('b'), broken(700));
  assert.deepEqual(resumption.point, { mirror: 'b', bytes: 700, first: 'alone', validator: '"b"' });
});

test('a body without a length is continued only by the one who vouches for it; one without end by nobody', () => {
  const resumption = new Resumption(3);
  const { contentLength: _, ...unmeasured } = found('a');
  resumption.ended(unmeasured, broken(500));
  assert.deepEqual(resumption.point, { mirror: 'a', bytes: 500, first: 'alone', validator: '"a"' });
  const outcome = { class: 'http', cause: 'bad-content', detail: 'larger than 500 MiB' } as const;
  resumption.ended(found('b'), { kind: 'broken', outcome, bytes: 900, position: 900, differed: false });
  assert.equal(resumption.point, undefined);
});
