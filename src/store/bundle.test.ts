import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, statfs, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { test, type TestContext } from 'node:test';
import { zstdCompressSync } from 'node:zlib';
import { Header, type HeaderData } from 'tar';
import { makePipe } from '../../test/support/named-pipe.ts';
import { packBundle } from './pack-bundle.ts';
import { unpackBundle, type UnpackPlace } from './unpack-bundle.ts';

const NEVER = new AbortController().signal;

function into(parent: string, minFreeBytes = 0): UnpackPlace {
  return { parent, minFreeBytes, platform: process.platform };
}

async function folder(t: TestContext): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'rondo-test-bundle-'));
  t.after(() => rm(path, { recursive: true, force: true }));
  return path;
}

async function written(root: string, files: Readonly<Record<string, string>>): Promise<string> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(join(root, name, '..'), { recursive: true });
    await writeFile(join(root, name), text);
  }
  return root;
}

const FILES = {
  'example.com/!upper/@v/v1.0.0.mod': 'module x\n',
  'sumdb/sum.test/latest': 'tree',
  'example.com/m/@v/list': '',
};

test('what was packed is unpacked, and equal folders give equal bundles', async (t) => {
  const root = await folder(t);
  const source = await written(join(root, 'source'), FILES);
  const [one, two] = [join(root, 'one.tar.zst'), join(root, 'two.tar.zst')];
  await packBundle(source, one, NEVER);
  const again = await written(join(root, 'again'), Object.fromEntries(Object.entries(FILES).toReversed()));
  await packBundle(again, two, NEVER);
  assert.deepEqual(await readFile(one), await readFile(two));
  const out = await unpackBundle(one, into(root), NEVER);
  for (const [name, text] of Object.entries(FILES))
    assert.equal(await readFile(join(out, name), 'utf8'), text);
  assert.deepEqual(
    (await readdir(root)).filter((name) => name.includes('partial')),
    [],
  );
});

test('a bundle is one frame, whatever was still under way when its last piece came', async (t) => {
  const root = await folder(t);
  const text = Array.from({ length: 40_000 }, (_, line) => `line ${line}\n`).join('');
  const source = await written(join(root, 'source'), { ...FILES, 'example.com/m/@v/v1.0.0.zip': text });
  const file = join(root, 'large.tar.zst');
  await packBundle(source, file, NEVER);
  const magic = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);
  const bundle = await readFile(file);
  assert.equal(bundle.indexOf(magic), 0);
  assert.equal(bundle.indexOf(magic, 1), -1, 'no second frame');
});

test('an empty folder gives a bundle of nothing', async (t) => {
  const root = await folder(t);
  const file = join(root, 'none.tar.zst');
  await mkdir(join(root, 'none'));
  await packBundle(join(root, 'none'), file, NEVER);
  assert.deepEqual(await readdir(await unpackBundle(file, into(root), NEVER)), []);
});

test('what is no bundle, or is cut short, is named, and nothing is left behind', async (t) => {
  const root = await folder(t);
  const source = await written(join(root, 'source'), { 'sumdb/sum.test/big': 'x'.repeat(100_000), ...FILES });
  const cut = join(root, 'cut.tar.zst');
  await packBundle(source, cut, NEVER);
  await truncate(cut, 60);
  await writeFile(join(root, 'text.tar.zst'), 'no bundle at all');
  const before = await readdir(root);
  for (const name of ['cut.tar.zst', 'text.tar.zst', 'absent.tar.zst', 'source'])
    await assert.rejects(unpackBundle(join(root, name), into(root), NEVER), { code: 'E_USAGE' }, name);
  assert.deepEqual(await readdir(root), before);
});

/** One entry of an archive that somebody made by hand. */
function entry(header: HeaderData, content = ''): Buffer {
  const head = Buffer.alloc(512);
  new Header({ mode: 0o644, type: 'File', size: content.length, ...header }).encode(head, 0);
  const body = Buffer.alloc(Math.ceil(content.length / 512) * 512);
  body.write(content);
  return Buffer.concat([head, body]);
}

test('a bundle of an enemy writes nothing outside its folder, and makes no links', async (t) => {
  const root = await folder(t);
  const inner = join(root, 'inner');
  await mkdir(inner);
  const big = { path: 'sumdb/big', size: 600 * 1024 * 1024 };
  const device = { path: 'sumdb/device', type: 'CharacterDevice' } as const;
  const link = { path: 'sumdb/link', type: 'SymbolicLink', linkpath: root } as const;
  // Each has a name that a bundle may have, if the name is not what is wrong with it, and what is to become of it.
  const table: [string, Buffer[], RegExp | string[]][] = [
    ['an absolute path', [entry({ path: join(root, 'sumdb', 'escaped') }, 'x')], []],
    ['a path upwards', [entry({ path: '../sumdb/escaped' }, 'x')], []],
    ['a path upwards in the middle', [entry({ path: 'sumdb/../../escaped' }, 'x')], []],
    [
      'through a symbolic link',
      [entry(link), entry({ path: 'sumdb/link/escaped' }, 'x')],
      // There is no link: it is a folder of that name.
      ['sumdb', 'sumdb/link', 'sumdb/link/escaped'],
    ],
    ['a hard link', [entry({ path: 'sumdb/hard', type: 'Link', linkpath: 'sumdb/x' })], []],
    ['a device', [entry(device)], []],
    ['a pipe', [entry({ path: 'sumdb/pipe', type: 'FIFO' })], []],
    ['a file that is larger than any', [entry(big, 'x')], /: it is larger than any bundle$/],
    ['a header that is none', [Buffer.alloc(1024, 'z')], /checksum failure$/],
    ['a name with a NUL', [entry({ path: 'sumdb/a\0b' }, 'x')], ['sumdb', 'sumdb/a']],
  ];
  for (const [name, entries, expected] of table) {
    const file = join(root, 'enemy.tar.zst');
    await writeFile(file, zstdCompressSync(Buffer.concat([...entries, Buffer.alloc(1024)])));
    const out = await unpackBundle(file, into(inner), NEVER).catch((error: unknown) => error);
    if (typeof out === 'string') {
      const found = await readdir(out, { withFileTypes: true, recursive: true });
      const names = found.map((each) => relative(out, join(each.parentPath, each.name))).sort();
      assert.deepEqual(names, expected, name);
      assert.ok(
        found.every((each) => each.isFile() || each.isDirectory()),
        name,
      );
      await rm(out, { recursive: true });
    } else {
      const { code, message } = out as { code?: string; message: string };
      assert.equal(code, 'E_USAGE', `${name}: ${String(out)}`);
      assert.ok(expected instanceof RegExp, `${name}: ${message}`);
      assert.match(message, expected, name);
    }
    assert.deepEqual((await readdir(root)).sort(), ['enemy.tar.zst', 'inner'], name);
    assert.deepEqual(await readdir(inner), [], name);
  }
});

test('what is no file is not opened for whoever writes it', async (t) => {
  const root = await folder(t);
  const file = join(root, 'pipe.tar.zst');
  makePipe(file);
  await assert.rejects(unpackBundle(file, into(root), NEVER), {
    code: 'E_USAGE',
    message: /is no bundle: it is no file$/,
  });
});

test('a small bundle that unpacks to very much is not unpacked', async (t) => {
  const root = await folder(t);
  const body = Buffer.alloc(300 * 1024 * 1024);
  const head = entry({ path: 'sumdb/zeros', size: body.length });
  await writeFile(
    join(root, 'bomb.tar.zst'),
    zstdCompressSync(Buffer.concat([head, body, Buffer.alloc(1024)])),
  );
  await assert.rejects(unpackBundle(join(root, 'bomb.tar.zst'), into(root), NEVER), {
    code: 'E_USAGE',
    message: /max decompression ratio exceeded: \d+\.\d+ > 1000$/,
  });
});

/** A bundle of these files, as anybody may make it. */
async function bundleOf(root: string, names: readonly string[], content = 'x'): Promise<string> {
  const file = join(root, 'made.tar.zst');
  const entries = names.map((path) => entry({ path }, content));
  await writeFile(file, zstdCompressSync(Buffer.concat([...entries, Buffer.alloc(1024)])));
  return file;
}

test('nothing is written under a name that no bundle has', async (t) => {
  const root = await folder(t);
  const names = ['a/b', 'example.com/m/@v/v1.mod', 'example.com/M/@v/v1.0.0.mod', 'sumdb/a\\b', 'other/file'];
  const out = await unpackBundle(
    await bundleOf(root, [...names, 'example.com/m/@v/v1.0.0.mod']),
    into(root),
    NEVER,
  );
  const files = (await readdir(out, { recursive: true })).sort();
  assert.deepEqual(files, [
    'example.com',
    'example.com/m',
    'example.com/m/@v',
    'example.com/m/@v/v1.0.0.mod',
  ]);
});

test('a bundle leaves as much of the disk free as was asked for, before it has filled it', async (t) => {
  const root = await folder(t);
  const { bavail, bsize } = await statfs(root);
  const names = Array.from({ length: 2000 }, (_, index) => `example.com/m/@v/v1.0.${index}.mod`);
  const file = await bundleOf(root, names, 'x'.repeat(5000));
  const before = await readdir(root);
  // There is more than that, but not so much that all of it has room: 18 MB.
  const all = { code: 'E_STORE', message: /: it would leave less of the disk free than min_free$/ };
  await assert.rejects(unpackBundle(file, into(root, bavail * bsize - 9_000_000), NEVER), all);
  await assert.rejects(unpackBundle(file, into(root, 2 ** 60), NEVER), all);
  assert.deepEqual(await readdir(root), before);
});

test('a name that is a file and a folder is a damaged bundle, not a full disk', async (t) => {
  const root = await folder(t);
  for (const names of [
    ['sumdb/a', 'sumdb/a/b'],
    ['sumdb/a/b', 'sumdb/a'],
  ]) {
    const file = await bundleOf(root, names);
    await assert.rejects(unpackBundle(file, into(root), NEVER), { code: 'E_USAGE' }, names.join(' '));
  }
});
