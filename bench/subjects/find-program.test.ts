import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { test } from 'node:test';
import { tempFolder } from '../../test/support/temp-folder.ts';
import { findProgram } from './find-program.ts';

const PEER = { variable: 'BENCH_PEER', names: ['peer', 'peer-proxy'], from: 'example.com/peer' };

test('the variable goes before PATH, the first name before the second', async (t) => {
  const folder = await tempFolder({ after: (hook) => t.after(hook) }, 'programs');
  const ending = process.platform === 'win32' ? '.exe' : '';
  const make = (name: string): string => {
    const file = join(folder, name + ending);
    writeFileSync(file, '');
    chmodSync(file, 0o755);
    return file;
  };
  const second = make('peer-proxy');
  // A folder of that name is no program.
  mkdirSync(join(folder, `peer${ending}`));
  const PATH = ['', join(folder, 'none'), folder].join(delimiter);
  assert.deepEqual(findProgram(PEER, { PATH }), { path: second });
  const named = make('elsewhere');
  assert.deepEqual(findProgram(PEER, { PATH, BENCH_PEER: named }), { path: named });
  assert.deepEqual(findProgram(PEER, { PATH, BENCH_PEER: join(folder, 'gone') }), {
    missing: 'BENCH_PEER names no program',
  });
});

test('what is missing is said with where it comes from', () => {
  const found = findProgram(PEER, { PATH: '' });
  assert.ok('missing' in found);
  assert.match(found.missing, /no peer or peer-proxy on PATH and BENCH_PEER is not set.*example\.com\/peer/);
});
