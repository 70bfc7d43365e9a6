import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { rewriteWorkerUrls } from './worker-urls.ts';

function rewrite(source: string): { code: string; workers: string[] } {
  const workers: string[] = [];
  const code = rewriteWorkerUrls(source, resolve('src/verify/x.ts'), (worker) => workers.push(worker));
  return { code, workers };
}

test('a worker beside its user is named as it lies beside the bundle', () => {
  const { code, workers } = rewrite(`start(new URL('./hash-worker.ts', import.meta.url));`);
  assert.equal(code, `start(new URL('./hash-worker.js', import.meta.url));`);
  assert.deepEqual(workers, [resolve('src/verify/hash-worker')]);
});

test('a worker of another folder, over several lines', () => {
  const { code, workers } = rewrite(`new URL(\n  "../kit/w.ts",\n  import.meta.url,\n)`);
  assert.equal(code, `new URL('./w.js', import.meta.url)`);
  assert.deepEqual(workers, [resolve('src/kit/w')]);
});

test('other URLs stay', () => {
  for (const source of [`new URL('./data.json', import.meta.url)`, `new URL(path, base)`, `new URL('x.ts')`])
    assert.deepEqual(rewrite(source), { code: source, workers: [] });
});
