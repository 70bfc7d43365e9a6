import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chosenRows, COMPARED_ROWS } from './compared-rows.ts';

test('rows are chosen by name, and a wrong one lists them', () => {
  assert.deepEqual(
    chosenRows(['reset', 'hang']).map(({ name }) => name),
    ['reset', 'hang'],
  );
  assert.equal(chosenRows([]), COMPARED_ROWS);
  assert.throws(() => chosenRows(['hang', 'hung']), /no row hung: there are healthy-small, .*\bhang\b/);
});

test('no row is a burst, which would load the machine of all', () => {
  assert.ok(COMPARED_ROWS.length > 20, `${COMPARED_ROWS.length}`);
  assert.ok(COMPARED_ROWS.every(({ load }) => load.rate.kind === 'steady'));
});
