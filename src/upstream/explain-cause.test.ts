import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explainCause } from './explain-cause.ts';

test('what passes by itself has an end, what somebody must mend has none', () => {
  assert.ok((explainCause('rate-limited').likelyOverMs ?? 0) > 0);
  assert.ok((explainCause('network-down').likelyOverMs ?? 0) > 0);
  assert.equal(explainCause('certificate').likelyOverMs, undefined);
  assert.equal(explainCause('wrong-content').likelyOverMs, undefined);
});

test('the words for a 400 do not say for sure that the mirror is broken, nor those for a 508 that it is us', () => {
  assert.match(explainCause('server-error').words, /or does not take such a request/);
  assert.match(explainCause('loop').words, /or its own mirrors/);
});

test('this machine’s own trouble is the user’s to mend, a broken mirror is not', () => {
  assert.match(explainCause('network-down').whoMends, /^you/);
  assert.match(explainCause('overload').whoMends, /runs the mirror/);
});
