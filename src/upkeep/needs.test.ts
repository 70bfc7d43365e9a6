import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { GoSumEntry } from '../gomod/go-sum.ts';
import { hashedFiles, neededFiles } from './needs.ts';
import type { WantedFile } from './export-copy.ts';

const MODULE = { module: 'example.com/m', version: 'v1.0.0' };

function entry(kind: 'mod' | 'zip', h1: string): GoSumEntry {
  return { ...MODULE, kind, h1, line: 1 };
}

function shown(files: readonly WantedFile[]): string[] {
  return files.map(({ kind, h1 = 'any' }) => `${kind} ${h1}`).sort();
}

test('each file once, with the hash that a go.sum has of it', () => {
  const lines = [entry('zip', 'h1:z'), entry('mod', 'h1:m')];
  const needed = (...goSums: readonly GoSumEntry[][]): string[] =>
    shown(neededFiles({ goSums, requires: [MODULE] }));
  assert.deepEqual(needed(), ['info any', 'mod any', 'zip any']);
  assert.deepEqual(needed(lines), ['info any', 'mod h1:m', 'zip h1:z']);
  assert.deepEqual(needed(lines, lines, []), ['info any', 'mod h1:m', 'zip h1:z']);
});

test('projects that contradict each other: every hash of a file is there to be compared', () => {
  const goSums = [
    [entry('zip', 'h1:a')],
    [entry('zip', 'h1:b'), entry('mod', 'h1:m')],
    [entry('zip', 'h1:a')],
  ];
  assert.deepEqual(shown(hashedFiles({ goSums })), ['mod h1:m', 'zip h1:a', 'zip h1:b']);
});
