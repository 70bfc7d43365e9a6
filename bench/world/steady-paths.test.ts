import assert from 'node:assert/strict';
import { test } from 'node:test';
import { steadyPaths } from './steady-paths.ts';

test('each version is asked for once, its .info so many requests after its .mod', () => {
  const paths = steadyPaths({ count: 500, modules: 20, infoAfter: 50, seed: 1 });
  assert.equal(paths.length, 500);
  assert.equal(new Set(paths).size, 500);
  const infos = paths.filter((path) => path.endsWith('.info'));
  assert.ok(infos.length > 200, `${infos.length}`);
  for (const info of infos) {
    const after = paths.indexOf(info) - paths.indexOf(info.replace(/info$/, 'mod'));
    assert.ok(after >= 50 && after <= 101, `${info} after ${after}`);
  }
});

test('the same seed asks the same; .mod files alone where no .info is wanted', () => {
  const some = { count: 100, modules: 5, seed: 7 };
  assert.deepEqual(steadyPaths(some), steadyPaths(some));
  assert.notDeepEqual(steadyPaths(some), steadyPaths({ ...some, seed: 8 }));
  assert.ok(
    steadyPaths(some).every((path) => /^\/example\.com\/load\/m[0-4]\/@v\/v1\.0\.\d+\.mod$/.test(path)),
  );
});
