import assert from 'node:assert/strict';
import { createWriteStream } from 'node:fs';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { test, type TestContext } from 'node:test';
import yazl from 'yazl';
import { tempFolder } from '../../test/support/temp-folder.ts';
import { isToolchain, unpackToolchain, type UnpackProgress } from './unpack-toolchain.ts';

const TOOLCHAIN = { version: '1.26.8', os: 'linux', arch: 'amd64' };
const PREFIX = 'golang.org/toolchain@v0.0.1-go1.26.8.linux-amd64/';
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

async function zipOf(t: TestContext, entries: Readonly<Record<string, string>>): Promise<string> {
  const path = join(await tempFolder(t), 'toolchain.zip');
  const zip = new yazl.ZipFile();
  for (const [name, text] of Object.entries(entries)) zip.addBuffer(Buffer.from(text), name);
  zip.end();
  await pipeline(zip.outputStream, createWriteStream(path));
  return path;
}

const prefixed = (files: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(files).map(([name, text]) => [`${PREFIX}${name}`, text]));

const quiet = { signal: new AbortController().signal, onProgress: () => undefined };

test('as the go command unpacks its own: commands executable, a go.mod beside every _go.mod', async (t) => {
  const parent = join(await tempFolder(t), 'not', 'there', 'yet');
  const told: UnpackProgress[] = [];
  const onProgress = (progress: UnpackProgress): void => void told.push(progress);
  const zip = await zipOf(t, prefixed(FILES));
  const path = await unpackToolchain({ path: zip }, TOOLCHAIN, parent, { ...quiet, onProgress });
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
  assert.equal(await unpackToolchain({ path: join(parent, 'no.zip') }, TOOLCHAIN, parent, quiet), path);
  assert.deepEqual(await readdir(join(path, 'bin')), ['go.exe']);
});

test('what is no toolchain, or another one, leaves nothing behind', async (t) => {
  const { 'bin/go': _go, ...withoutGo } = FILES;
  const cases: [string, Record<string, string>][] = [
    ['no go command', prefixed(withoutGo)],
    [
      'a foreign entry',
      { ...prefixed(FILES), 'golang.org/toolchain@v0.0.1-go1.26.7.linux-amd64/bin/go': 'x' },
    ],
  ];
  for (const [name, entries] of cases) {
    const parent = await tempFolder(t);
    const zip = await zipOf(t, entries);
    await assert.rejects(
      unpackToolchain({ path: zip }, TOOLCHAIN, parent, quiet),
      { code: 'E_BAD_CONTENT' },
      name,
    );
    assert.deepEqual(await readdir(parent), [], name);
  }
  const parent = await tempFolder(t);
  const text = join(await tempFolder(t), 'text.zip');
  await writeFile(text, 'no zip');
  await assert.rejects(unpackToolchain({ path: text }, TOOLCHAIN, parent, quiet), { code: 'E_STORE' });
  const stop = AbortSignal.abort(new Error('stopped'));
  const zip = await zipOf(t, prefixed(FILES));
  await assert.rejects(unpackToolchain({ path: zip }, TOOLCHAIN, parent, { ...quiet, signal: stop }), {
    message: 'stopped',
  });
  assert.deepEqual(await readdir(parent), []);
});
