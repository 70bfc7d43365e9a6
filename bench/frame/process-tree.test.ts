import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { accountFor, parseMemory, parseStat, treeOf } from './process-tree.ts';

const AFTER_NAME = 'S 17 42 42 0 -1 4194304 101 0 0 0 11 22 33 44 20 0 1 0 1254979 3133440 380';

test('a stat line, also of a program whose name looks like the rest of it', () => {
  const expected = { pid: 42, parent: 17, cpuTicks: 110 };
  assert.deepEqual(parseStat(`42 (node) ${AFTER_NAME}`), expected);
  assert.deepEqual(parseStat(`42 (a) S 1 (b) ${AFTER_NAME}`), expected);
  for (const text of ['', '42', '42 (node) S', 'x (node) S 1'])
    assert.equal(parseStat(text), undefined, JSON.stringify(text));
});

test('peak and present memory in bytes, none of a zombie', () => {
  const text = 'Name:\tnode\nVmPeak:\t  900 kB\nVmHWM:\t     300 kB\nVmRSS:\t     200 kB\n';
  assert.deepEqual(parseMemory(text), { peakBytes: 307_200, residentBytes: 204_800 });
  assert.deepEqual(parseMemory('Name:\tnode\nState:\tZ (zombie)\n'), { peakBytes: 0, residentBytes: 0 });
});

test('a tree is a process and all below it', () => {
  const all = [
    { pid: 1, parent: 0 },
    { pid: 4, parent: 3 },
    { pid: 2, parent: 1 },
    { pid: 3, parent: 2 },
    { pid: 5, parent: 1 },
  ];
  const pids = treeOf(all, 2).map(({ pid }) => pid);
  assert.deepEqual(pids, [2, 3, 4]);
  assert.deepEqual(treeOf(all, 9), []);
});

test(
  'the accounting counts a child process and its child',
  { skip: !existsSync('/proc/self/stat') },
  async (t) => {
    const untilEnd = 'process.stdin.resume().on("end", () => process.exit())';
    const inner = `const big = Buffer.alloc(64 * 2 ** 20, 1); console.log(big.length); ${untilEnd}`;
    const outer = `require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(inner)}], { stdio: 'inherit' }); ${untilEnd}`;
    const child = spawn(process.execPath, ['-e', outer], { stdio: ['pipe', 'pipe', 'inherit'] });
    const accounting = accountFor(child.pid ?? -1);
    t.after(() => accounting.close());
    await once(child.stdout, 'data');
    const tree = accounting.usage();
    assert.ok(tree !== undefined && tree.peakBytes >= tree.residentBytes);
    assert.ok(tree.residentBytes > 100 * 2 ** 20, `${tree.residentBytes} bytes: the child's child is in it`);
    assert.ok(tree.cpuSeconds > 0);
    child.stdin.end();
    await once(child, 'close');
    assert.equal(accounting.usage(), undefined);
  },
);
