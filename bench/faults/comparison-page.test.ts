import assert from 'node:assert/strict';
import { test } from 'node:test';
import { comparisonPage } from './comparison-page.ts';
import { madeUpFaults } from './made-up-faults.ts';

test('the page has the figures, and counts for each program what it got right', () => {
  const page = comparisonPage(madeUpFaults());
  assert.match(page, /^\| hang before headers \| 100 %, 310 ms \\\* \| 67 %, 300 ms \|$/m);
  assert.match(
    page,
    /^- \*\*Rondo\*\*: all answers right in 1 of 2 rows; nobody better in 2; wrong bytes in none; 404 for what is there in none\.$/m,
  );
  assert.match(
    page,
    /^- \*\*nginx\*\*: all answers right in 0 of 1 rows; nobody better in 0; wrong bytes in 1 \(hang before headers\); /m,
  );
  assert.doesNotMatch(page, /\*\*Caddy\*\*: all answers/, 'it was not there');
  assert.match(page, /Caddy missing \(not on PATH\)/);
});

test('without any comparison it says how to make one', () => {
  const page = comparisonPage(undefined);
  assert.match(page, /^Nothing has been measured yet\. `npm run bench:faults` does it/m);
  assert.doesNotMatch(page, /## Measured/);
});
