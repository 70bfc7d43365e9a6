import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { testWith } from '../../test/support/requirements.ts';
import { architecturesOf, GO_ARCHITECTURES, GO_SYSTEMS } from './go-platforms.ts';

test('architectures of an operating system, and none of a word that is none', () => {
  assert.deepEqual(architecturesOf('plan9'), ['386', 'amd64', 'arm']);
  for (const os of ['win32', 'toString', '']) assert.deepEqual(architecturesOf(os), []);
  assert.ok(GO_SYSTEMS.includes('windows') && GO_ARCHITECTURES.includes('loong64'));
});

await testWith(['go'], 'every pair that go itself lists is known', () => {
  const pairs = execFileSync('go', ['tool', 'dist', 'list'], { encoding: 'utf8' }).trim().split('\n');
  for (const pair of pairs) {
    const [os = '', arch = ''] = pair.split('/');
    assert.ok(architecturesOf(os).includes(arch), pair);
  }
});
