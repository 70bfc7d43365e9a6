import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileKindOf } from '../../test/support/mirror-content.ts';
import { soakPaths } from './soak-paths.ts';

test('the same seed asks the same, another one something else', () => {
  const [once, again, other] = [1, 1, 2].map((seed) =>
    soakPaths({ count: 500, coldShare: 0.3, firstModule: 1, seed }),
  );
  assert.deepEqual(once, again);
  assert.notDeepEqual(once, other);
});

test('so many are new as was said, and every kind of file is among them', () => {
  const paths = soakPaths({ count: 20_000, coldShare: 0.3, firstModule: 1, seed: 5 });
  const cold = new Set(paths);
  assert.equal(paths.length, 20_000);
  assert.ok(Math.abs(cold.size / paths.length - 0.3) < 0.02, `${cold.size} are new`);
  const kinds = Map.groupBy(cold, fileKindOf);
  for (const kind of ['list', 'latest', 'info', 'mod', 'zip'] as const)
    assert.ok((kinds.get(kind)?.length ?? 0) > 400, `${kind}: ${kinds.get(kind)?.length}`);
  assert.equal(kinds.get('other'), undefined);
});

test('modules begin with the first one', () => {
  const [path = ''] = soakPaths({ count: 1, coldShare: 1, firstModule: 300, seed: 1 });
  assert.match(path, /^\/example\.com\/made\/m30\d\/@v\/list$/);
});

test('some are asked again long after', () => {
  const paths = soakPaths({ count: 20_000, coldShare: 0.3, firstModule: 1, seed: 6 });
  const late = new Set(paths.slice(15_000));
  assert.ok(paths.slice(0, 2000).some((path) => late.has(path)));
});
