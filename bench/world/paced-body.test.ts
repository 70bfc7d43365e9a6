import assert from 'node:assert/strict';
import { PassThrough, Writable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { test } from 'node:test';
import { Link } from './link.ts';
import { piecesOf, sendPaced, type Piece } from './paced-body.ts';

function joined(pieces: readonly Piece[]): boolean {
  return pieces.every(({ from }, index) => from === (pieces[index - 1]?.to ?? 0));
}

test('a body over a time is cut evenly, and its last byte is due at the end', () => {
  const pieces = piecesOf(1_000_003, { overMs: 1000 });
  assert.equal(pieces.length, 100);
  assert.ok(joined(pieces));
  assert.equal(pieces.at(-1)?.to, 1_000_003);
  assert.equal(pieces.at(-1)?.dueMs, 1000);
  for (const { from, to, dueMs } of pieces) {
    assert.ok(Math.abs(to - from - 10_000) <= 1);
    assert.ok(Math.abs((dueMs ?? 0) / 1000 - to / 1_000_003) < 1e-3);
  }
});

test('other bodies are cut so that nobody holds the line for long', () => {
  const plain = piecesOf(600_000, {});
  const linked = piecesOf(600_000, { link: new Link(1e9) });
  for (const pieces of [plain, linked]) assert.ok(joined(pieces) && pieces.at(-1)?.to === 600_000);
  assert.ok(linked.length > plain.length && plain.every(({ dueMs }) => dueMs === undefined));
  assert.deepEqual(piecesOf(0, {}), []);
});

test('a reader gets every byte, however slow it is, and all of them are counted', async () => {
  const body = Buffer.alloc(1_500_000, 'abcdefg');
  const stream = new PassThrough();
  let counted = 0;
  const [received] = await Promise.all([
    buffer(stream),
    sendPaced(stream, body, { link: new Link(1e12) }, (bytes) => (counted += bytes)),
  ]);
  assert.ok(received.equals(body));
  assert.equal(counted, body.length);
});

test('a reader that leaves ends it', async () => {
  const stream = new Writable({
    write(_piece, _encoding, _done) {
      setImmediate(() => stream.destroy());
    },
  });
  let counted = 0;
  await sendPaced(stream, Buffer.alloc(10_000_000), {}, (bytes) => (counted += bytes));
  assert.ok(counted > 0 && counted < 1_000_000, `${counted} bytes`);
});
