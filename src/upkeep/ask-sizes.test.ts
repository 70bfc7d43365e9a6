import assert from 'node:assert/strict';
import { test } from 'node:test';
import { copyWork } from '../../test/support/copy-work.ts';
import type { VersionFile } from '../gomod/module-file.ts';
import { askSizes } from './ask-sizes.ts';

function filesOf(count: number): VersionFile[] {
  return Array.from({ length: count }, (_, index) => index).flatMap((index) =>
    (['mod', 'zip'] as const).map((kind) => ({ module: `example.com/m${index}`, version: 'v1.0.0', kind })),
  );
}

test('zips are asked for, no more at once than was said, and the order stays', async (t) => {
  const { work, told } = await copyWork(t);
  const lacking = filesOf(9);
  let now = 0;
  let most = 0;
  const asked: VersionFile[] = [];
  const sizeOf = async (file: VersionFile): Promise<number | undefined> => {
    asked.push(file);
    most = Math.max(most, (now += 1));
    await new Promise((resolve) => setImmediate(resolve));
    now -= 1;
    return file.module === 'example.com/m3' ? undefined : 1000;
  };
  const sized = await askSizes(lacking, { sizeOf, atOnce: 4 }, work);
  assert.ok(asked.every(({ kind }) => kind === 'zip'));
  assert.deepEqual([asked.length, most], [9, 4]);
  const expected = lacking.map((file) =>
    file.kind === 'zip' && file.module !== 'example.com/m3' ? { ...file, sizeBytes: 1000 } : file,
  );
  assert.deepEqual(sized, expected);
  assert.deepEqual(told.at(-1), { done: 9, total: 9, bytes: 0, comingBytes: 0 });
});

test('where nobody says sizes, few are asked', async (t) => {
  const { work } = await copyWork(t);
  let asked = 0;
  const sizeOf = async (): Promise<undefined> => void (asked += 1);
  const sized = await askSizes(filesOf(50), { sizeOf, atOnce: 1 }, work);
  assert.equal(asked, 8);
  assert.ok(sized.every(({ sizeBytes }) => sizeBytes === undefined));
});
