import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { loopIn, onwardVia, viaName } from './via.ts';

test('no Via and other proxies are no loop', () => {
  assert.equal(loopIn(undefined, 'a1'), undefined);
  assert.equal(loopIn('1.1 varnish, HTTP/1.1 fred (comment), 2 rondo-b2', 'a1'), undefined);
});

test('the own instance anywhere is a loop; one whose name only begins like it is not', () => {
  assert.match(loopIn('1.1 rondo-a1', 'a1') ?? '', /already been here/);
  assert.match(loopIn('1.1 rondo-b2 , 1.1  rondo-a1 (Rondo)', 'a1') ?? '', /already been here/);
  assert.equal(loopIn('1.1 rondo-a12', 'a1'), undefined);
});

test('five hops with this one pass, six do not', () => {
  const hops = (count: number): string =>
    Array.from({ length: count }, (_, index) => `1.1 ${viaName(`h${index}`)}`).join(', ');
  assert.equal(loopIn(hops(4), 'a1'), undefined);
  assert.match(loopIn(hops(5), 'a1') ?? '', /6 instances/);
});

test('what a client invented is not sent on, nor counted', () => {
  assert.equal(onwardVia(undefined), undefined);
  assert.equal(onwardVia(''), undefined);
  assert.equal(
    onwardVia(`1.1 ${'x'.repeat(8000)}, 1.1 rondo-${'a'.repeat(33)}, rondo-b2, 1.1 rondo-`),
    undefined,
  );
  assert.equal(onwardVia('1.1 varnish, HTTP/1.1 rondo-b2 (comment), 1.1 rondo-c\u00e9'), '1.1 rondo-b2');
  assert.equal(onwardVia('1.1 rondo-b2 , 1.1  rondo-c3'), '1.1 rondo-b2, 1.1 rondo-c3');
  assert.equal(loopIn('1.1 rondo-!,'.repeat(20), 'a1'), undefined);
});

test('what goes on is short and is no loop for the next one, with this one added to it', () => {
  const entry = fc.oneof(
    fc.string(),
    fc.nat(99).map((id) => `1.1 rondo-h${id}`),
  );
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 8 }), (entries) => {
      const via = entries.join(', ');
      const onward = onwardVia(via) ?? '';
      assert.ok(onward.length <= 5 * 44);
      assert.match(onward, /^(?:1\.1 rondo-[0-9A-Za-z]+(?:, |$))*$/);
      if (loopIn(via, 'own') === undefined) assert.ok(onward.split(',').length <= 4);
    }),
  );
});

test('any value is judged without throwing', () => {
  fc.assert(fc.property(fc.string(), (via) => assert.equal(loopIn(via, '\u0000'), undefined)));
});
