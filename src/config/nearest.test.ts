import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nearest } from './nearest.ts';
import { printable, quote } from './quote.ts';

test('a slip of the fingers finds the name that was meant', () => {
  const names = ['fresh_ttl', 'negative_ttl', 'memory', 'dir'];
  assert.equal(nearest('fresh_tll', names), 'fresh_ttl');
  assert.equal(nearest('Memory', names), 'memory');
  assert.equal(nearest('dri', ['dir']), undefined, 'two edits in three letters are another word');
  assert.equal(nearest('drain', names), undefined);
  assert.equal(nearest('x'.repeat(100_000), names), undefined);
});

test('what is shown has no control characters, no credentials and an end', () => {
  assert.equal(printable('a\u001b[31mb\u202ec\nd'), 'a\u{FFFD}[31mb\u{FFFD}c\u{FFFD}d');
  assert.equal(quote('https://me:se@cret@h/x,https://k@y/'), '"https://***@h/x,https://***@y/"');
  assert.equal(printable('x'.repeat(300)).length, 200);
});
