import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkGenerated } from './generated.ts';

test('a generated file must be what its generator prints', () => {
  const generated = [
    { file: 'fresh.md', generator: 'g.ts' },
    { file: 'stale.md', generator: 'g.ts' },
    { file: 'missing.md', generator: 'g.ts' },
  ];
  const texts: Record<string, string> = { 'fresh.md': 'new', 'stale.md': 'old' };
  const findings = checkGenerated(
    generated,
    (file) => texts[file],
    () => 'new',
  );
  assert.deepEqual(
    findings.map(({ file }) => file),
    ['stale.md', 'missing.md'],
  );
});
