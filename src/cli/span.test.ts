import assert from 'node:assert/strict';
import { test } from 'node:test';
import { render } from '../words/render.ts';
import { formatSpan } from './span.ts';

test('spans are short, and never 0 of a larger unit', () => {
  const spans = [-5, 0.4, 1999, 2000, 119_999, 120_000, 7_200_000, 172_800_000].map((ms) =>
    render(formatSpan(ms)),
  );
  assert.deepEqual(spans, ['0 ms', '0 ms', '1999 ms', '2 s', '120 s', '2 min', '2 h', '2 d']);
});
