import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inflateRawSync } from 'node:zlib';
import { bigModule, escapeName, fixtureModule, hash1, packageName } from './fixture-modules.ts';
import { moduleOf, standardWorld, toolchainModule } from './fixture-world.ts';

/** Entries by reading local headers one after the other: enough for zips without data descriptors. */
function entriesOf(zip: Buffer): Map<string, Buffer> {
  const entries = new Map<string, Buffer>();
  let at = 0;
  while (zip.readUInt32LE(at) === 0x04034b50) {
    assert.equal(zip.readUInt16LE(at + 6) & 8, 0, 'no data descriptor');
    const compressedBytes = zip.readUInt32LE(at + 18);
    const nameEnd = at + 30 + zip.readUInt16LE(at + 26);
    const start = nameEnd + zip.readUInt16LE(at + 28);
    const data = zip.subarray(start, start + compressedBytes);
    entries.set(
      zip.toString('utf8', at + 30, nameEnd),
      zip.readUInt16LE(at + 8) === 8 ? inflateRawSync(data) : data,
    );
    at = start + compressedBytes;
  }
  return entries;
}

test('a zip holds go.mod and files under path@version, unescaped, and zipH1 is their hash', async () => {
  const module = await fixtureModule({
    path: 'github.com/A/b',
    version: 'v1.0.0',
    files: { 'x/y.go': 'package y\n' },
  });
  const entries = entriesOf(module.zip);
  assert.deepEqual([...entries.keys()], ['github.com/A/b@v1.0.0/go.mod', 'github.com/A/b@v1.0.0/x/y.go']);
  assert.equal(entries.get('github.com/A/b@v1.0.0/x/y.go')?.toString(), 'package y\n');
  assert.equal(hash1(entries), module.zipH1);
  assert.equal(hash1(new Map([['go.mod', module.mod]])), module.modH1);
});

test('hash1 sorts by bytes, as Go does, not by UTF-16', () => {
  const content = Buffer.from('x');
  const names = ['m@v/\u{1f600}', 'm@v/\uff5e'];
  const [emoji = '', tilde = ''] = names;
  const lines = [tilde, emoji].map((name) => [name, content] as const);
  assert.equal(hash1(new Map(lines)), hash1(new Map(lines.toReversed())));
  assert.equal(hash1(new Map()), 'h1:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=', 'SHA-256 of nothing');
});

test('the same source gives the same bytes', async () => {
  const [first, second] = await Promise.all([
    bigModule('example.com/b', 'v1.0.0', 1),
    bigModule('example.com/b', 'v1.0.0', 1),
  ]);
  assert.deepEqual(first, second);
  assert.ok(first.zip.length > 2 ** 20 && first.zip.length < 2 ** 20 + 4096, 'the size is that asked for');
});

test('names: escaping and package names', () => {
  assert.equal(escapeName('github.com/Azure/SDK'), 'github.com/!azure/!s!d!k');
  assert.deepEqual(['example.com/double/v2', 'github.com/Fixture/Caps', 'example.com/a-b'].map(packageName), [
    'double',
    'caps',
    'ab',
  ]);
});

test('the world names what it lacks; a toolchain has what go demands of one', async () => {
  const world = await standardWorld();
  assert.throws(
    () => moduleOf(world, 'example.com/leaf', 'v9.0.0'),
    /no fixture example\.com\/leaf@v9\.0\.0/,
  );
  const toolchain = await toolchainModule('linux-amd64');
  const prefix = 'golang.org/toolchain@v0.0.1-go1.99.9.linux-amd64';
  const names = [...entriesOf(toolchain.zip).keys()];
  for (const name of ['bin/go', 'src/_go.mod']) assert.ok(names.includes(`${prefix}/${name}`), name);
  assert.ok(
    names.every((name) => !name.endsWith('/go.mod')),
    'go.mod files are called _go.mod',
  );
});
