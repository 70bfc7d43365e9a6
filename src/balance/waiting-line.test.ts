import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createWaitingLine, type Place } from './waiting-line.ts';

test('first come, first served, past those who want another mirror', () => {
  const line = createWaitingLine<string>(() => 10);
  const served: string[] = [];
  line.join(['own'], (name) => served.push(`private from ${name}`));
  line.join(['a', 'b'], (name) => served.push(`first from ${name}`));
  const second = line.join(['a', 'b'], (name) => served.push(`second from ${name}`));
  assert.equal(line.offer('b'), true);
  assert.equal(line.size, 2);
  second?.want(['b']);
  assert.deepEqual([line.wanted('a'), line.wanted('b'), line.wanted('own')], [false, true, true]);
  assert.equal(line.offer('a'), false);
  assert.equal(line.offer('b'), true);
  assert.equal(line.offer('own'), true);
  assert.deepEqual(served, ['first from b', 'second from b', 'private from own']);
});

test('a full line takes nobody, and a place that was given up is free again', () => {
  const line = createWaitingLine<string>(() => 2);
  const never = (): void => assert.fail('not to be served');
  const first = line.join(['a'], never);
  line.join(['b'], never);
  assert.equal(line.join(['a'], never), undefined);
  first?.leave();
  first?.leave();
  first?.want(['a']);
  assert.deepEqual([line.size, line.wanted('a'), line.offer('a')], [1, false, false]);
  assert.notEqual(line.join(['c'], never), undefined);
});

test('whoever waits for a mirror is served in the order of coming, whatever else happens', () => {
  const names = fc.subarray(['a', 'b', 'c'], { minLength: 1 });
  const step = fc.oneof(
    fc.record({ do: fc.constant('join' as const), names }),
    fc.record({ do: fc.constant('offer' as const), name: fc.constantFrom('a', 'b', 'c') }),
    fc.record({ do: fc.constant('leave' as const), nth: fc.nat(20) }),
    fc.record({ do: fc.constant('want' as const), nth: fc.nat(20), names }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const line = createWaitingLine<string>(() => 8);
      /** The model: who waits, in order, for what. */
      const model: { id: number; names: readonly string[]; place: Place<string> }[] = [];
      const served: number[] = [];
      steps.forEach((each, id) => {
        if (each.do === 'join') {
          const place = line.join(each.names, () => served.push(id));
          assert.equal(place === undefined, model.length >= 8);
          if (place !== undefined) model.push({ id, names: each.names, place });
        } else if (each.do === 'offer') {
          const index = model.findIndex((waiter) => waiter.names.includes(each.name));
          const [expected] = index < 0 ? [] : model.splice(index, 1);
          served.length = 0;
          assert.equal(line.offer(each.name), expected !== undefined);
          assert.deepEqual(served, expected === undefined ? [] : [expected.id]);
        } else {
          const waiter = model[each.nth];
          if (waiter === undefined) return;
          if (each.do === 'leave') {
            waiter.place.leave();
            model.splice(each.nth, 1);
          } else {
            waiter.place.want(each.names);
            waiter.names = each.names;
          }
        }
        assert.equal(line.size, model.length);
        for (const name of ['a', 'b', 'c']) {
          assert.equal(
            line.wanted(name),
            model.some((waiter) => waiter.names.includes(name)),
          );
        }
      });
    }),
  );
});
