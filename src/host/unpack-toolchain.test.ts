import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { tempFolder } from '../../test/support/temp-folder.ts';
import { RondoError } from '../errors/rondo-error.ts';
import { isToolchain, unpackToolchain, type UnpackProgress, type UnpackZip } from './unpack-toolchain.ts';

const TOOLCHAIN = { version: '1.26.8', os: 'linux', arch: 'amd64' };
const FILES = {
  'bin/go': '#!/bin/sh\n',
  'bin/gofmt': 'x',
  'pkg/tool/linux_amd64/compile': 'x',
  'lib/wasm/go_js_wasm_exec': 'x',
  'lib/time/zoneinfo.zip': 'x',
  'src/_go.mod': 'module std\n',
  'src/cmd/_go.mod': 'module cmd\n',
  'src/fmt/print.go': 'package fmt\n',
  VERSION: 'go1.26.8\n',
};

/** Hands the files over as a zip that is proven would. */
function unpackOf(entries: Readonly<Record<string, string>>): UnpackZip {
  return async (openFile) => {
    const ofFiles = Object.keys(entries).length;
    for (const [name, text] of Object.entries(entries)) {
      const sink = await openFile({ name, sizeBytes: text.length, ofFiles });
      // In pieces, from a buffer that is used again.
      const piece = Buffer.alloc(1);
      for (const byte of Buffer.from(text)) {
        piece[0] = byte;
        sink.take(piece);
      }
      await sink.close();
    }
  };
}

async function newFolder(parent: string): Promise<string> {
  await mkdir(parent, { recursive: true });
  return mkdtemp(join(parent, 'new-'));
}

const quiet = { signal: new AbortController().signal, newFolder, onProgress: () => undefined };

test('as the go command unpacks its own: commands executable, a go.mod beside every _go.mod', async (t) => {
  const parent = join(await tempFolder(t), 'not', 'there', 'yet');
  const told: UnpackProgress[] = [];
  const onProgress = (progress: UnpackProgress): void => void told.push(progress);
  const path = await unpackToolchain(unpackOf(FILES), TOOLCHAIN, parent, { ...quiet, onProgress });
  assert.equal(path, join(parent, 'go1.26.8.linux-amd64'));
  for (const [name, text] of Object.entries(FILES))
    assert.equal(await readFile(join(path, name), 'utf8'), text);
  assert.equal(await readFile(join(path, 'src', 'go.mod'), 'utf8'), 'module std\n');
  assert.equal(await readFile(join(path, 'src', 'cmd', 'go.mod'), 'utf8'), 'module cmd\n');
  if (process.platform !== 'win32') {
    const executable = async (name: string): Promise<boolean> =>
      ((await stat(join(path, name))).mode & 0o111) !== 0;
    for (const name of ['bin/go', 'bin/gofmt', 'pkg/tool/linux_amd64/compile', 'lib/wasm/go_js_wasm_exec'])
      assert.ok(await executable(name), name);
    for (const name of ['VERSION', 'src/fmt/print.go', 'lib/time/zoneinfo.zip'])
      assert.ok(!(await executable(name)), name);
  }
  assert.deepEqual([told.length, told.at(-1)?.files, told.at(-1)?.ofFiles], [9, 9, 9]);
  assert.deepEqual(await readdir(parent), ['go1.26.8.linux-amd64']);
});

test('one that is there is left as it is', async (t) => {
  const parent = await tempFolder(t);
  const path = join(parent, 'go1.26.8.linux-amd64');
  await mkdir(join(path, 'bin'), { recursive: true });
  await writeFile(join(path, 'bin', 'go.exe'), 'mine');
  assert.ok(await isToolchain(path));
  assert.equal(await unpackToolchain(unpackOf(FILES), TOOLCHAIN, parent, quiet), path);
  assert.deepEqual(await readdir(join(path, 'bin')), ['go.exe']);
});

test('what is no toolchain, is not proven in the end, or cannot be written, leaves nothing behind', async (t) => {
  const { 'bin/go': _go, ...withoutGo } = FILES;
  const notProven: UnpackZip = async (openFile) => {
    await unpackOf(FILES)(openFile);
    throw new RondoError('E_CHECKSUM_MISMATCH', 'another hash');
  };
  const stop = AbortSignal.abort(new Error('stopped'));
  const cases: [string, UnpackZip, AbortSignal, object][] = [
    ['no go command', unpackOf(withoutGo), quiet.signal, { code: 'E_BAD_CONTENT' }],
    ['not proven', notProven, quiet.signal, { code: 'E_CHECKSUM_MISMATCH' }],
    ['a go.mod of its own', unpackOf({ ...FILES, 'src/go.mod': 'x' }), quiet.signal, { code: 'E_STORE' }],
    ['a go.mod before', unpackOf({ 'src/go.mod': 'x', ...FILES }), quiet.signal, { code: 'E_STORE' }],
    ['stopped', unpackOf(FILES), stop, { message: 'stopped' }],
  ];
  for (const [name, unpack, signal, error] of cases) {
    const parent = await tempFolder(t);
    await assert.rejects(unpackToolchain(unpack, TOOLCHAIN, parent, { ...quiet, signal }), error, name);
    assert.deepEqual(await readdir(parent), [], name);
  }
});
