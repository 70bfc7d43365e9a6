import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { programOf, runTool } from './tools.ts';

const root = join(import.meta.dirname, '..', '..');

test('a tool that ends well, one that fails, and what they print', async () => {
  const tool = { name: 'made-up', help: '' };
  const good = await runTool(root, { ...tool, command: ['-e', 'console.log(1); console.error(2)'] });
  assert.equal(good.ok, true);
  assert.deepEqual(good.output.split('\n').sort(), ['', '1', '2']);
  const bad = await runTool(root, { ...tool, command: ['-e', 'process.exit(4)'] });
  assert.equal(bad.ok, false);
});

test('programs are found without a shell; a missing one says so', () => {
  assert.match(programOf(root, 'typescript', 'tsc'), /bin[\\/]tsc$/);
  assert.throws(() => programOf(root, 'typescript', 'no-such'), /typescript has no program no-such/);
});
