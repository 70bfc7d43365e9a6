import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { tempFolder } from '../../test/support/temp-folder.ts';
import { readStateFile, updateStateFile, type StateKind } from './state-file.ts';

type Names = { readonly names: readonly string[] };

const KIND: StateKind<Names> = {
  name: 'names.json',
  words: 'list of names',
  version: 1,
  parse: (document) => document as Names,
};

async function add(stateDir: string, name: string): Promise<void> {
  await updateStateFile(stateDir, KIND, (before) => ({ names: [...(before?.names ?? []), name] }));
}

async function names(stateDir: string): Promise<readonly string[]> {
  const found = await readStateFile(stateDir, KIND);
  return found.kind === 'read' ? found.value.names : [];
}

const KEYS = Array.from({ length: 12 }, (_, index) => `name-${index}`);

test('what many change at the same time is all there in the end', async (t) => {
  const stateDir = await tempFolder(t);
  await Promise.all(KEYS.map((name) => add(stateDir, name)));
  assert.deepEqual((await names(stateDir)).toSorted(), KEYS.toSorted());
});

test('so is what several processes change', async (t) => {
  const stateDir = await tempFolder(t);
  // Each waits for a line, so that all of them begin together.
  const program = `
    import { updateStateFile } from ${JSON.stringify(import.meta.resolve('./state-file.ts'))};
    const kind = { name: 'names.json', words: 'x', version: 1, parse: (document) => document };
    process.stdin.once('data', async (text) => {
      for (const name of String(text).trim().split(' '))
        await updateStateFile(process.argv[1], kind, (before) => ({ names: [...(before?.names ?? []), name] }));
      process.stdin.destroy();
    });
    console.log('ready');`;
  const children = ['a', 'b', 'c'].map((letter) => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', program, stateDir], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    t.after(() => child.kill());
    return { child, own: KEYS.map((key) => `${letter}-${key}`), ended: once(child, 'close') };
  });
  await Promise.all(children.map(({ child }) => once(child.stdout, 'data')));
  for (const { child, own } of children) child.stdin.write(`${own.join(' ')}\n`);
  for (const [code] of await Promise.all(children.map(({ ended }) => ended))) assert.equal(code, 0);
  const all = children.flatMap(({ own }) => own);
  assert.deepEqual((await names(stateDir)).toSorted(), all.toSorted());
});

test('a change that changes nothing waits for nobody and writes nothing', async (t) => {
  const stateDir = await tempFolder(t);
  await add(stateDir, 'a');
  const path = join(stateDir, 'names.json');
  const { ino } = await stat(path);
  const holder = new DatabaseSync(join(stateDir, 'lock'));
  t.after(() => holder.close());
  holder.exec('BEGIN IMMEDIATE');
  await updateStateFile(stateDir, KIND, (before) => before ?? { names: [] });
  assert.equal((await stat(path)).ino, ino);
});
