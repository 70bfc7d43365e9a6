import assert from 'node:assert/strict';
import { test } from 'node:test';
import { strongValidator } from './validator.ts';

const DATE = 'Wed, 01 Jan 2025 12:00:00 GMT';
const OLD = 'Wed, 01 Jan 2025 11:59:00 GMT';
const FRESH = 'Wed, 01 Jan 2025 11:59:01 GMT';

test('a strong ETag validates; a weak or malformed one does not, and no date stands in for it', () => {
  assert.equal(strongValidator({ etag: '"a-1"' }), '"a-1"');
  assert.equal(strongValidator({ etag: '""' }), '""');
  for (const etag of [
    'W/"a"',
    'a',
    '"a',
    '"a"b"',
    '"a\u0000"',
    '"\u00e9"',
    `"${'a'.repeat(300)}"`,
    '"a", "b"',
  ]) {
    assert.equal(strongValidator({ etag, 'last-modified': OLD, date: DATE }), undefined, etag);
  }
});

test('a Last-Modified validates where the file had settled a minute before it was sent', () => {
  assert.equal(strongValidator({ 'last-modified': OLD, date: DATE }), OLD);
  assert.equal(strongValidator({ 'last-modified': OLD, date: DATE, etag: ' ' }), OLD);
  assert.equal(strongValidator({ 'last-modified': FRESH, date: DATE }), undefined);
  assert.equal(strongValidator({ 'last-modified': OLD }), undefined);
  assert.equal(strongValidator({ 'last-modified': 'yesterday', date: DATE }), undefined);
  assert.equal(strongValidator({}), undefined);
});
