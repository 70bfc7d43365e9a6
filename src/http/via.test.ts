import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { loopIn, viaName } from './via.ts';

test('no Via and other proxies are no loop', () => {
  assert.equal(loopIn(undefined, 'a1'), undefined);
  assert.equal(loopIn('1.1 varnish, HTTP/1.1 fred (comment), 2 rondo-b2', 'a1'), undefined);
});

test('the own instance anywhere is a loop; one whose name only begins like it is not', () => {
  assert.match(loopIn('1.1 rondo-a1', 'a1') ?? '', /already been here/);
  assert.match(loopIn('1.1 rondo-b2 , 1.1  rondo-a1 (Rondo)', 'a1') ?? '', /already been here/);
  assert.equal(loopIn('1.1 rondo-a12', 'a1'), undefined);
});

test('five hops pass, six do not', () => {
  const hops = (count: number): string =>
    Array.from({ length: count }, (_, index) => `1.1 ${viaName(`h${index}`)}`).join(', ');
  assert.equal(loopIn(hops(5), 'a1'), undefined);
  assert.match(loopIn(hops(6), 'a1') ?? '', /6 instances/);
});

test('any value is judged without throwing', () => {
  fc.assert(fc.property(fc.string(), (via) => assert.equal(loopIn(via, '\u0000'), undefined)));
});
