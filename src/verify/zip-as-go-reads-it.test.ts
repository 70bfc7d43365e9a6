import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { crc32 } from 'node:zlib';
import { goCommand, goWorkspace } from '../../test/support/go-command.ts';
import {
  directoryOf,
  end64,
  type HandmadeEntry,
  type HandmadeOptions,
  handmadeZip,
} from '../../test/support/handmade-zip.ts';
import { testWith } from '../../test/support/requirements.ts';
import { tempFolder } from '../../test/support/temp-folder.ts';
import { readModuleZip } from './read-module-zip.ts';
import { bytesSource } from './zip-source.ts';

const PATH = 'example.com/m';

/** Zips that readers of zips disagree about; each is given the prefix that its entries need. */
const VARIANTS: Readonly<Record<string, (prefix: string) => Buffer>> = {
  plain: (prefix) => handmadeZip(two(prefix)),
  stored: (prefix) => handmadeZip(two(prefix).map((entry) => ({ ...entry, method: 0 }))),
  'no entries': () => handmadeZip([]),
  'a comment': (prefix) => handmadeZip(two(prefix), { comment: Buffer.from('a comment') }),
  'an end record inside the comment': (prefix) =>
    handmadeZip(two(prefix), { comment: Buffer.concat([Buffer.from('x'), handmadeZip([])]) }),
  'bytes after the end': (prefix) => handmadeZip(two(prefix), { after: Buffer.alloc(100, 1) }),
  'bytes before the archive': (prefix) => handmadeZip(two(prefix), { before: Buffer.alloc(100, 1) }),
  'a far end': (prefix) => handmadeZip(two(prefix), { comment: Buffer.alloc(5000, 1) }),
  'a count that is too small': (prefix) => handmadeZip(two(prefix), { records: 1 }),
  'a count that is too large': (prefix) => handmadeZip(two(prefix), { records: 3 }),
  'a directory length that is wrong': (prefix) => handmadeZip(two(prefix), { directoryBytes: 10 }),
  'a directory that lies elsewhere than it says': secondDirectoryBySize,
  'a 64-bit end record that nobody asked for': secondDirectoryBy64Bit({}),
  'a 64-bit end record': secondDirectoryBy64Bit({ records: 0xffff }),
  'a 64-bit end record asked for by the length': secondDirectoryBy64Bit({ directoryBytes: 0xffff }),
  'a 64-bit end record asked for by the offset': secondDirectoryBy64Bit({ directoryOffset: 0xffffffff }),
  'a repeated name': (prefix) => handmadeZip([...two(prefix), { name: `${prefix}a`, data: 'another' }]),
  'a folder': (prefix) => handmadeZip([{ name: `${prefix}sub/` }, ...two(prefix)]),
  'a folder with packed but no unpacked bytes': (prefix) =>
    handmadeZip([
      { name: `${prefix}sub/`, packed: Buffer.from([3, 0]), uncompressedBytes: 0 },
      ...two(prefix),
    ]),
  'a folder with content': (prefix) => handmadeZip([{ name: `${prefix}sub/`, data: 'x' }]),
  'no CRC': (prefix) => handmadeZip([{ name: `${prefix}a`, data: 'content', crc32: 0 }]),
  'no CRC, but a descriptor': (prefix) =>
    handmadeZip([{ name: `${prefix}a`, data: 'content', crc32: 0, flags: 8, descriptor: descriptor(0) }]),
  'a descriptor': (prefix) => withDescriptor(prefix, descriptor(crc32('content'))),
  'a descriptor without signature': (prefix) =>
    withDescriptor(prefix, descriptor(crc32('content')).subarray(4)),
  'a descriptor with another CRC': (prefix) => withDescriptor(prefix, descriptor(7)),
  'a wrong CRC': (prefix) => handmadeZip([{ name: `${prefix}a`, data: 'content', crc32: 7 }]),
  'another name in the local header': (prefix) =>
    handmadeZip([{ name: `${prefix}a`, localName: `${prefix}evil`, data: 'content' }]),
  'a damaged extra field': (prefix) =>
    handmadeZip([{ name: `${prefix}a`, data: 'content', extra: Buffer.from([1, 0, 200, 0, 1]) }]),
  'sizes in a 64-bit extra field': (prefix) => handmadeZip([wideEntry(prefix, 'content'.length)]),
  'a wrong size in a 64-bit extra field': (prefix) => handmadeZip([wideEntry(prefix, 5)]),
  'the encryption flag': (prefix) => handmadeZip([{ name: `${prefix}a`, data: 'content', flags: 0x41 }]),
  'a name that is not UTF-8': (prefix) =>
    handmadeZip([{ name: Buffer.concat([Buffer.from(prefix), Buffer.from([0xff, 0xfe])]), data: 'x' }]),
  'names in another order': (prefix) =>
    handmadeZip(['b', 'a', 'B', 'a.', 'ä'].map((name) => ({ name: prefix + name }))),
  'a newline in a name': (prefix) => handmadeZip([{ name: `${prefix}a\nb`, data: 'x' }]),
  'overlapping entries': (prefix) =>
    handmadeZip([
      { name: `${prefix}a`, data: 'x' },
      { name: `${prefix}b`, data: 'x', headerOffset: 0 },
    ]),
  'a foreign entry': (prefix) => handmadeZip([...two(prefix), { name: 'example.com/o@v1.0.0/a', data: 'x' }]),
};

function two(prefix: string): HandmadeEntry[] {
  return [
    { name: `${prefix}a`, data: 'content of a' },
    { name: `${prefix}b`, data: 'content of b' },
  ];
}

function descriptor(sum: number): Buffer {
  const bytes = Buffer.alloc(16);
  bytes.writeUInt32LE(0x08074b50, 0);
  bytes.writeUInt32LE(sum, 4);
  return bytes;
}

function withDescriptor(prefix: string, bytes: Buffer): Buffer {
  return handmadeZip([{ name: `${prefix}a`, data: 'content', flags: 8, descriptor: bytes }]);
}

function wideEntry(prefix: string, sizeBytes: number): HandmadeEntry {
  const extra = Buffer.alloc(12);
  extra.writeUInt16LE(1, 0);
  extra.writeUInt16LE(8, 2);
  extra.writeBigUInt64LE(BigInt(sizeBytes), 4);
  return { name: `${prefix}a`, data: 'content', uncompressedBytes: 0xffffffff, extra };
}

/** One directory where the offset points, another one right before the end record, as its length says. */
function secondDirectoryBySize(prefix: string): Buffer {
  const [first, second] = two(prefix);
  if (first === undefined || second === undefined) throw new Error('two are two');
  const lone = directoryOf([{ ...first, name: `${prefix}x` }], [0]);
  return handmadeZip([first, second], { records: 1, directoryBytes: lone.length, beforeEnd: () => lone });
}

/** A directory with other names, told by a 64-bit record that counts only if the plain one says so. */
function secondDirectoryBy64Bit(plain: HandmadeOptions): (prefix: string) => Buffer {
  return (prefix) => {
    const other = directoryOf(two(`${prefix}x`), [0, 30 + `${prefix}a`.length + 14]);
    return handmadeZip(two(prefix), {
      ...plain,
      beforeEnd: (offset, length) => {
        // Something between, so that the first directory has an end of its own.
        const start = offset + length + 4;
        const fields = { records: 2, directoryBytes: other.length, directoryOffset: start };
        return Buffer.concat([Buffer.from('gap.'), other, end64(start + other.length, fields)]);
      },
    });
  };
}

type Download = { Version: string; Sum?: string; Error?: string };

await testWith(['go'], 'every zip has the h1 that go gives it, or none where go gives none', async (t) => {
  const proxy = await tempFolder(t, 'zips');
  const folder = join(proxy, ...PATH.split('/'), '@v');
  await mkdir(folder, { recursive: true });
  const versions = new Map<string, { what: string; zip: Buffer }>();
  for (const [what, make] of Object.entries(VARIANTS)) {
    const version = `v1.0.${versions.size}`;
    const zip = make(`${PATH}@${version}/`);
    versions.set(version, { what, zip });
    await writeFile(join(folder, `${version}.info`), JSON.stringify({ Version: version }));
    await writeFile(join(folder, `${version}.mod`), `module ${PATH}\n`);
    await writeFile(join(folder, `${version}.zip`), zip);
  }
  const asked = [...versions.keys()].map((version) => `${PATH}@${version}`);
  const run = await goCommand(['mod', 'download', '-json', ...asked], {
    cwd: proxy,
    goproxy: pathToFileURL(proxy).href,
    workspace: await goWorkspace(t),
  });
  const downloads = JSON.parse(`[${run.stdout.replaceAll('}\n{', '},{')}]`) as Download[];
  assert.equal(downloads.length, versions.size, run.stderr);
  let refused = 0;
  for (const { Version, Sum, Error: why } of downloads) {
    const { what, zip } = versions.get(Version) ?? { what: '', zip: Buffer.alloc(0) };
    const report = await readModuleZip(bytesSource(zip), PATH, Version);
    const h1 = report.kind === 'hashed' && report.foreign === undefined ? report.h1 : undefined;
    assert.equal(h1, Sum, `${what}: ${JSON.stringify(report)}, go: ${why ?? 'no error'}`);
    if (Sum === undefined) refused += 1;
  }
  assert.ok(refused > 5 && refused < downloads.length - 10, `${refused} of ${downloads.length} refused`);
});
