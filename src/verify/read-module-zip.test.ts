import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { constants, crc32, deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { bigModule, fixtureModule, hash1 } from '../../test/support/fixture-modules.ts';
import { type HandmadeEntry, handmadeZip } from '../../test/support/handmade-zip.ts';
import { type ModuleZipReport, readModuleZip } from './read-module-zip.ts';
import { bytesSource } from './zip-source.ts';

const PATH = 'example.com/m';
const VERSION = 'v1.0.0';
const PREFIX = `${PATH}@${VERSION}/`;

const read = (zip: Uint8Array): Promise<ModuleZipReport> => readModuleZip(bytesSource(zip), PATH, VERSION);

async function hashed(zip: Uint8Array): Promise<Extract<ModuleZipReport, { kind: 'hashed' }>> {
  const report = await read(zip);
  assert.ok(report.kind === 'hashed', JSON.stringify(report));
  return report;
}

test('a module zip has the h1 of its names and contents, stored or deflated', async () => {
  const files = { 'a.go': 'package m\n', 'sub/b.go': 'package sub\n', empty: '', 'ü/é.txt': 'Grüße' };
  for (const compress of [true, false]) {
    const { zip, zipH1 } = await fixtureModule({ path: PATH, version: VERSION, files, compress });
    const report = await hashed(zip);
    assert.deepEqual(report, { kind: 'hashed', h1: zipH1, wholeLength: true, oddities: [] });
  }
});

test('large entries are hashed in pieces', async () => {
  const noise = await bigModule(PATH, VERSION, 9);
  assert.equal((await hashed(noise.zip)).h1, noise.zipH1);
  const files = { 'zeros.bin': Buffer.alloc(9 * 1024 * 1024), 'noise.bin': randomBytes(5 * 1024 * 1024) };
  const packed = await fixtureModule({ path: PATH, version: VERSION, files });
  assert.equal((await hashed(packed.zip)).h1, packed.zipH1);
});

test('a zip without entries is legal', async () => {
  const report = await hashed(handmadeZip([]));
  assert.equal(handmadeZip([]).length, 22);
  assert.deepEqual(report, { kind: 'hashed', h1: hash1(new Map()), wholeLength: true, oddities: [] });
});

test('every shorter prefix of a zip is cut short', async () => {
  const { zip } = await fixtureModule({ path: PATH, version: VERSION });
  for (let length = 0; length < zip.length; length += 1) {
    assert.equal((await read(zip.subarray(0, length))).kind, 'cut', `${length} of ${zip.length} bytes`);
  }
});

test('a cut zip that ends inside a stored zip is cut short, not of another module', async () => {
  const inner = handmadeZip([{ name: 'other/file', data: 'x' }]);
  const zip = handmadeZip([
    { name: `${PREFIX}testdata/inner.zip`, data: inner, method: 0 },
    { name: `${PREFIX}noise`, data: randomBytes(3000), method: 0 },
  ]);
  for (const more of [0, 10, 500]) {
    const end = zip.indexOf('PK\x05\x06', 0, 'latin1') + 22 + more;
    const report = await read(zip.subarray(0, end));
    assert.ok(
      report.kind === 'cut' || (report.kind === 'hashed' && !report.wholeLength),
      JSON.stringify(report),
    );
  }
});

test('no flipped byte passes unseen, and none is taken for an interruption before the end record', async () => {
  const { zip, zipH1 } = await fixtureModule({ path: PATH, version: VERSION });
  const endAt = zip.length - 22;
  for (let at = 0; at < zip.length; at += 1) {
    const spoilt = Buffer.from(zip);
    spoilt[at] = (spoilt[at] ?? 0) ^ 0xff;
    const report = await read(spoilt);
    // What go does not read (times, attributes, the local copies of fields) may hold anything.
    if (report.kind === 'hashed' && report.h1 === zipH1) continue;
    assert.ok(
      report.kind === 'corrupt' || report.kind === 'hashed' || report.kind === 'too-large' || at >= endAt,
      `${at} of ${zip.length}: ${JSON.stringify(report)}`,
    );
  }
  const last = Buffer.from(zip);
  last[zip.length - 1] = 0xff;
  assert.equal((await read(last)).kind, 'corrupt', 'only the length of the comment is wrong');
});

test('any bytes give a report, never an exception', async () => {
  const { zip } = await fixtureModule({ path: PATH, version: VERSION });
  const patch = fc.record({
    at: fc.nat({ max: zip.length - 1 }),
    bytes: fc.uint8Array({ minLength: 1, maxLength: 8 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(patch, { minLength: 1, maxLength: 6 }), async (patches) => {
      const spoilt = Buffer.from(zip);
      for (const { at, bytes } of patches) spoilt.set(bytes.subarray(0, spoilt.length - at), at);
      await read(spoilt);
    }),
    { numRuns: 500 },
  );
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => void (await read(bytes))),
  );
});

test('an entry outside of the prefix is told, whatever else is right', async () => {
  const zip = handmadeZip([
    { name: `${PREFIX}a.go`, data: 'package m\n' },
    { name: 'example.com/other@v1.0.0/a.go', data: 'package other\n' },
  ]);
  assert.equal((await hashed(zip)).foreign, '"example.com/other@v1.0.0/a.go"');
  const hostile = await hashed(
    handmadeZip([{ name: Buffer.from('\x1b[2J\xff"\n'.repeat(100).replaceAll('\n', '')) }]),
  );
  assert.match(hostile.foreign ?? '', /^"[\x20-\x7e]{1,90}"$/);
});

test('of a repeated name the last content counts for all, as in dirhash', async () => {
  const entries: HandmadeEntry[] = [
    { name: `${PREFIX}a`, data: 'first' },
    { name: `${PREFIX}a`, data: 'last' },
  ];
  const twice = await hashed(handmadeZip(entries));
  const once = await hashed(handmadeZip(entries.slice(1)));
  assert.notEqual(twice.h1, once.h1);
  assert.deepEqual(twice.oddities, [`"${PREFIX}a" occurs twice`]);
});

test('folders count as empty files', async () => {
  const report = await hashed(
    handmadeZip([{ name: `${PREFIX}sub/` }, { name: `${PREFIX}sub/a`, data: 'x' }]),
  );
  const expected = new Map([
    [`${PREFIX}sub/`, Buffer.alloc(0)],
    [`${PREFIX}sub/a`, Buffer.from('x')],
  ]);
  assert.equal(report.h1, hash1(expected));
  assert.deepEqual(report.oddities, []);
});

test('lies about an entry are seen', async () => {
  const name = `${PREFIX}a`;
  const data = Buffer.from('content of a file');
  const lies: Record<string, HandmadeEntry> = {
    'a wrong CRC': { name, data, crc32: 1 },
    'longer than it says': { name, data, uncompressedBytes: 5 },
    'shorter than it says': { name, data, uncompressedBytes: 100 },
    'stored, another length': { name, data, method: 0, compressedBytes: 5 },
    'cut deflate data': { name, data, compressedBytes: 3 },
    'no deflate data': { name, data, packed: randomBytes(30) },
    'unknown method': { name, data, method: 12 },
    'a folder with content': { name: `${name}/`, data },
    'no local header': { name, data, headerOffset: 7 },
    'a position outside': { name, data, headerOffset: 0xfffffff0 },
    'a missing descriptor': { name, data, flags: 8, headerOffset: 0 },
    'a newline in the name': { name: `${name}\nb`, data },
  };
  for (const [what, entry] of Object.entries(lies)) {
    const report = await read(handmadeZip([entry]));
    assert.equal(report.kind, 'corrupt', `${what}: ${JSON.stringify(report)}`);
  }
});

test('bytes after the end of deflated data are nobody’s', async () => {
  for (const data of [Buffer.from('content'), Buffer.alloc(6 * 1024 * 1024, 'ab')]) {
    const packed = Buffer.concat([deflateRawSync(data), Buffer.alloc(700_000, 9)]);
    const report = await hashed(handmadeZip([{ name: `${PREFIX}a`, data, packed }]));
    assert.equal(report.h1, hash1(new Map([[`${PREFIX}a`, data]])));
  }
});

test('a bomb is stopped by what it announces, or by its own announcement', async () => {
  const name = `${PREFIX}a`;
  const data = Buffer.alloc(64 * 1024 * 1024);
  const packed = deflateRawSync(data);
  const bomb: HandmadeEntry = { name, packed, crc32: crc32(data) };
  const honest = handmadeZip([{ ...bomb, uncompressedBytes: 501 * 1024 * 1024 }]);
  assert.equal((await read(honest)).kind, 'too-large');
  for (const uncompressedBytes of [10, 5 * 1024 * 1024]) {
    assert.equal((await read(handmadeZip([{ ...bomb, uncompressedBytes }]))).kind, 'corrupt');
  }
  // One megabyte of data that a thousand entries claim.
  const shared = Array.from({ length: 1000 }, (_, index): HandmadeEntry => {
    const size = { compressedBytes: 1024 * 1024, uncompressedBytes: 0, headerOffset: 0 };
    return { name: `${name}${index}`, packed: Buffer.alloc(index === 0 ? 1024 * 1024 : 0), ...size };
  });
  assert.equal((await read(handmadeZip(shared))).kind, 'too-large');
});

test('more entries than any module has are refused before their memory is', async () => {
  const header = handmadeZip([{ name: '' }]).subarray(32, 32 + 46);
  const count = 600_000;
  const end = handmadeZip([], { records: count, directoryBytes: count * 46, directoryOffset: 0 });
  const zip = Buffer.concat([Buffer.alloc(count * 46, header), end]);
  assert.equal((await read(zip)).kind, 'too-large');
});

test('what go would dislike is told and changes nothing', async () => {
  const names = [
    'A.go',
    'a.go',
    'dir/x',
    'DIR/y',
    'dir',
    '../up',
    'a//b',
    'nul.txt',
    'a:b',
    'end.',
    'sub/go.mod',
    'GO.MOD',
  ];
  const report = await hashed(handmadeZip(names.map((name) => ({ name: `${PREFIX}${name}`, data: name }))));
  const told = report.oddities.map((line) => line.replace(PREFIX, ''));
  assert.deepEqual(told, [
    '"a.go" differs from another name in case only',
    '"DIR/y" differs from another name in case only',
    '"dir" is both a file and a folder',
    '"../up" is not a clean path',
    '"a//b" is not a clean path',
    '"nul.txt" has a name that Windows reserves',
    '"a:b" has a character that not every file system takes',
    '"end." has an element that ends in a dot',
    '"sub/go.mod" is a go.mod outside the root',
    '"GO.MOD" must be called go.mod',
  ]);
});

test('bytes that no hash knows of are padding, wherever they stand', async () => {
  const before = Buffer.alloc(2 ** 21);
  const entry = { name: `${PREFIX}a`, data: 'content of a' };
  const { h1 } = await hashed(handmadeZip([entry]));
  const packed = deflateRawSync(Buffer.alloc(0), { finishFlush: constants.Z_SYNC_FLUSH });
  const stuffed = Buffer.concat([
    ...Array.from({ length: 400_000 }, () => packed),
    deflateRawSync(Buffer.from(entry.data)),
  ]);
  for (const zip of [handmadeZip([entry], { before }), handmadeZip([{ ...entry, packed: stuffed }])]) {
    const report = await hashed(zip);
    assert.equal(report.h1, h1);
    assert.match(report.padding ?? '', new RegExp(`^it has ${zip.length} bytes where `));
  }
});

test('nobody looks for oddities in a zip that has the expected h1', async () => {
  const zip = handmadeZip(['A', 'a'].map((name) => ({ name: `${PREFIX}${name}` })));
  const { h1, oddities } = await hashed(zip);
  assert.equal(oddities.length, 1);
  const report = await readModuleZip(bytesSource(zip), PATH, VERSION, h1);
  assert.deepEqual(report, { kind: 'hashed', h1, wholeLength: true, oddities: [] });
});

test('names of more levels or letters than any file system takes are odd at once', async () => {
  const names = [`${'d/'.repeat(100)}f`, `${'d/'.repeat(99)}f`, 'x'.repeat(1025), 'x'.repeat(1024)];
  const { oddities } = await hashed(handmadeZip(names.map((name) => ({ name: PREFIX + name }))));
  assert.deepEqual(
    oddities.map((line) => line.slice(line.lastIndexOf('"') + 2)),
    ['is nested too deep', 'is too long'],
  );
});

test('what is remembered of the names is bounded', async () => {
  const levels = Array.from({ length: 98 }, () => 'level-of-9')
    .join('/')
    .slice(0, 1000);
  const names = Array.from({ length: 4000 }, (_, index) => `${index}/${levels}`);
  const { oddities } = await hashed(handmadeZip(names.map((name) => ({ name: PREFIX + name }))));
  assert.deepEqual(oddities, ['it has too many names to compare them all']);
});
