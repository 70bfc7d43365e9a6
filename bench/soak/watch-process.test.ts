import assert from 'node:assert/strict';
import { open } from 'node:fs/promises';
import { testWith } from '../../test/support/requirements.ts';
import { until } from '../../test/support/until.ts';
import { lookAt, watchProcess } from './watch-process.ts';

await testWith(['linux'], 'an open file is seen, and memory and threads are told', async () => {
  const before = await lookAt(process.pid, new Set());
  const opened = await Promise.all(Array.from({ length: 20 }, () => open(import.meta.filename)));
  const during = await lookAt(process.pid, new Set());
  await Promise.all(opened.map((file) => file.close()));
  // A look itself has files open for a moment.
  assert.ok(during.files >= before.files + 10, `${before.files}, then ${during.files}`);
  assert.ok(before.residentBytes > 2 ** 24 && before.threads > 1 && before.sockets <= before.files);
});

await testWith(['linux'], 'a watch looks again and again, and what has ended is no failure', async () => {
  const ended = watchProcess(2 ** 30, new Set(), 1);
  const watch = watchProcess(process.pid, new Set(), 1);
  await until('three samples', async () => watch.samples.length >= 3);
  watch.end();
  ended.end();
  assert.deepEqual(ended.samples, []);
  const times = watch.samples.map(({ atMs }) => atMs);
  assert.deepEqual(
    times,
    times.toSorted((a, b) => a - b),
  );
});
