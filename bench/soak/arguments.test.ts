import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSoakArguments, SOAK_HELP } from './arguments.ts';

test('without arguments it is ten minutes of 300 a second', () => {
  const { minutes, ratePerSecond, seed, json, help } = parseSoakArguments([]);
  assert.deepEqual([minutes, ratePerSecond, seed, json, help], [10, 300, undefined, false, false]);
});

test('every option of the help is taken', () => {
  const args = parseSoakArguments(['--minutes', '0.5', '--rate', '50', '--seed', '7', '--json', '--help']);
  assert.deepEqual(args, { minutes: 0.5, ratePerSecond: 50, seed: 7, json: true, help: true });
  for (const flag of ['--minutes', '--rate', '--seed', '--json', '--help'])
    assert.ok(SOAK_HELP.includes(`  ${flag} `), flag);
});

test('what is no number, and what would never end, is refused', () => {
  for (const bad of ['0', '-1', 'x', '', '1e9', '2000'])
    assert.throws(() => parseSoakArguments([`--minutes=${bad}`]), /--minutes needs/);
  assert.throws(() => parseSoakArguments(['--rate=5001']), /--rate needs/);
  assert.throws(() => parseSoakArguments(['--seed=0.5']), /--seed needs/);
  assert.throws(() => parseSoakArguments(['more']));
});
