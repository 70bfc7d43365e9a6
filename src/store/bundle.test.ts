import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { zstdCompressSync } from 'node:zlib';
import { Header, type HeaderData } from 'tar';
import { packBundle, unpackBundle } from './bundle.ts';

const NEVER = new AbortController().signal;

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
  'a/b': '',
};

test('what was packed is unpacked, and equal folders give equal bundles', async (t) => {
  const root = await folder(t);
  const source = await written(join(root, 'source'), FILES);
  const [one, two] = [join(root, 'one.tar.zst'), join(root, 'two.tar.zst')];
  await packBundle(source, one, NEVER);
  const again = await written(join(root, 'again'), Object.fromEntries(Object.entries(FILES).toReversed()));
  await packBundle(again, two, NEVER);
  assert.deepEqual(await readFile(one), await readFile(two));
  const out = await unpackBundle(one, root, NEVER);
  for (const [name, text] of Object.entries(FILES))
    assert.equal(await readFile(join(out, name), 'utf8'), text);
  assert.deepEqual(
    (await readdir(root)).filter((name) => name.includes('partial')),
    [],
  );
});

test('what is no bundle, or is cut short, is named, and nothing is left behind', async (t) => {
  const root = await folder(t);
  const source = await written(join(root, 'source'), { big: 'x'.repeat(100_000), ...FILES });
  const cut = join(root, 'cut.tar.zst');
  await packBundle(source, cut, NEVER);
  await truncate(cut, 60);
  await writeFile(join(root, 'text.tar.zst'), 'no bundle at all');
  const before = await readdir(root);
  for (const name of ['cut.tar.zst', 'text.tar.zst', 'absent.tar.zst', 'source'])
    await assert.rejects(unpackBundle(join(root, name), root, NEVER), { code: 'E_USAGE' }, name);
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
  const table: [string, Buffer[]][] = [
    ['an absolute path', [entry({ path: join(root, 'escaped') }, 'x')]],
    ['a path upwards', [entry({ path: '../escaped' }, 'x')]],
    ['a path upwards in the middle', [entry({ path: 'a/../../escaped' }, 'x')]],
    [
      'through a symbolic link',
      [entry({ path: 'link', type: 'SymbolicLink', linkpath: root }), entry({ path: 'link/escaped' }, 'x')],
    ],
    ['a hard link', [entry({ path: 'hard', type: 'Link', linkpath: '/etc/passwd' })]],
    ['a device', [entry({ path: 'device', type: 'CharacterDevice' })]],
    ['a pipe', [entry({ path: 'pipe', type: 'FIFO' })]],
    ['a file that is larger than any', [entry({ path: 'big', size: 600 * 1024 * 1024 }, 'x')]],
    ['a header that is none', [Buffer.alloc(1024, 'z')]],
    ['a name with a NUL', [entry({ path: 'a\0b' }, 'x')]],
  ];
  for (const [name, entries] of table) {
    const file = join(root, 'enemy.tar.zst');
    await writeFile(file, zstdCompressSync(Buffer.concat([...entries, Buffer.alloc(1024)])));
    const out = await unpackBundle(file, inner, NEVER).catch((error: unknown) => error);
    if (typeof out === 'string') {
      const kinds = (await readdir(out, { withFileTypes: true, recursive: true })).map((each) => [
        each.name,
        each.isFile() || each.isDirectory(),
      ]);
      assert.ok(
        kinds.every(([, plain]) => plain === true),
        `${name}: ${JSON.stringify(kinds)}`,
      );
      await rm(out, { recursive: true });
    } else assert.equal((out as { code?: string }).code, 'E_USAGE', `${name}: ${String(out)}`);
    assert.deepEqual((await readdir(root)).sort(), ['enemy.tar.zst', 'inner'], name);
    assert.deepEqual(await readdir(inner), [], name);
  }
});

test('a small bundle that unpacks to very much is not unpacked', async (t) => {
  const root = await folder(t);
  const body = Buffer.alloc(300 * 1024 * 1024);
  const head = entry({ path: 'zeros', size: body.length });
  await writeFile(
    join(root, 'bomb.tar.zst'),
    zstdCompressSync(Buffer.concat([head, body, Buffer.alloc(1024)])),
  );
  await assert.rejects(unpackBundle(join(root, 'bomb.tar.zst'), root, NEVER), { code: 'E_USAGE' });
});
