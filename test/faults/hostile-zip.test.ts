/** Zips made to exhaust whoever reads them: each is judged in bounded memory, after bounded work. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { crc32, deflateRawSync } from 'node:zlib';
import { hash1 } from '../support/fixture-modules.ts';
import { end64, type HandmadeEntry, handmadeZip } from '../support/handmade-zip.ts';
import { testWith } from '../support/requirements.ts';
import { tempFolder } from '../support/temp-folder.ts';
import type { ZipCost } from './read-zip.ts';

const run = promisify(execFile);
const READER = fileURLToPath(new URL('./read-zip.ts', import.meta.url));

const MIB = 1024 * 1024;
const PREFIX = 'example.com/m@v1.0.0/';
/** As a checking thread has it (verify/worker-pool.ts). */
const HEAP_LIMIT = '--max-old-space-size=512';
/** What node and the program take by themselves is some 80 MiB. */
const PEAK_MIB = 320;

type Zip = {
  readonly zip: () => Buffer;
  /** The kind of report, or the whole of it. */
  readonly is: RegExp;
  /** How much of the file may be read: what is refused by its directory is not unpacked. */
  readonly readBytes: number;
  readonly peakMiB?: number;
};

const ZEROS = Buffer.alloc(MIB);
const KERNEL = { packed: deflateRawSync(ZEROS), uncompressedBytes: MIB, crc32: crc32(ZEROS) };

/** Entries that all claim the data of the first one, each of a name of its own. */
function overlapping(count: number, entry: Partial<HandmadeEntry>): Buffer {
  const packed = entry.packed ?? Buffer.alloc(0);
  return handmadeZip(
    Array.from({ length: count }, (_, index) => ({
      name: `${PREFIX}${index}`,
      ...entry,
      compressedBytes: packed.length,
      headerOffset: 0,
      packed: index === 0 ? packed : Buffer.alloc(0),
    })),
  );
}

function manyEntries(count: number): HandmadeEntry[] {
  return Array.from({ length: count }, (_, index) => ({ name: `${PREFIX}${index}`, method: 0 }));
}

const MANY = 70_000;
const wide = (sizeBytes: bigint): Buffer => {
  const extra = Buffer.alloc(20);
  extra.writeUInt16LE(1, 0);
  extra.writeUInt16LE(16, 2);
  extra.writeBigUInt64LE(sizeBytes, 4);
  extra.writeBigUInt64LE(sizeBytes, 12);
  return extra;
};

const ZIPS: Readonly<Record<string, Zip>> = {
  'a thousand entries over one MiB of zeros': {
    zip: () => overlapping(1000, KERNEL),
    is: /too-large.*unpacks to more than 500 MiB/,
    readBytes: MIB,
  },
  'as many of them as may be': {
    zip: () => overlapping(499, KERNEL),
    is: /hashed/,
    readBytes: 2 * MIB,
  },
  'entries over stored data, 4 MiB each': {
    zip: () => overlapping(200, { packed: Buffer.alloc(4 * MIB), method: 0, data: Buffer.alloc(4 * MIB) }),
    is: /too-large/,
    readBytes: MIB,
  },
  '499 MiB of zeros': {
    zip: () => handmadeZip([{ name: `${PREFIX}a`, data: Buffer.alloc(499 * MIB) }]),
    is: /hashed/,
    readBytes: 2 * MIB,
  },
  'zeros that say they are ten bytes': {
    zip: () => handmadeZip([{ name: `${PREFIX}a`, data: Buffer.alloc(200 * MIB), uncompressedBytes: 10 }]),
    is: /corrupt.*longer than it says|corrupt.*cannot be inflated/,
    readBytes: 2 * MIB,
  },
  'a size of 2^63': {
    zip: () =>
      handmadeZip([
        {
          name: `${PREFIX}a`,
          data: 'x',
          compressedBytes: 0xffffffff,
          uncompressedBytes: 0xffffffff,
          extra: wide(2n ** 63n),
        },
      ]),
    is: /too-large/,
    readBytes: MIB,
  },
  'a directory of 2^40 bytes, by a 64-bit record': {
    zip: () =>
      handmadeZip(manyEntries(3), {
        records: 0xffff,
        beforeEnd: (at, length) =>
          end64(at + length, { records: 3, directoryBytes: 2 ** 40, directoryOffset: 0 }),
      }),
    is: /cut/,
    readBytes: MIB,
  },
  'the same name a hundred thousand times': {
    zip: () => handmadeZip(manyEntries(100_000).map((entry) => ({ ...entry, name: `${PREFIX}a` }))),
    is: /hashed/,
    readBytes: 32 * MIB,
  },
  'a hundred thousand names that differ in case': {
    zip: () =>
      handmadeZip(
        manyEntries(100_000).map((entry, index) => {
          const letters = index.toString(2).padStart(17, '0').replaceAll('0', 'a').replaceAll('1', 'A');
          return { ...entry, name: PREFIX + letters };
        }),
      ),
    is: /hashed.*differs from another name in case only/,
    readBytes: 32 * MIB,
  },
  'names of 60 KiB': {
    zip: () =>
      handmadeZip(manyEntries(900).map(({ name }) => ({ name: name + 'x/'.repeat(30_000), method: 0 }))),
    is: /hashed.*is too long/,
    readBytes: 128 * MIB,
    peakMiB: 450,
  },
  'a million headers of nothing': {
    zip: () => {
      const [header] = [handmadeZip([{ name: '' }]).subarray(32, 32 + 46)];
      const end = handmadeZip([], { records: MIB % 0x10000, directoryBytes: 46 * MIB, directoryOffset: 0 });
      return Buffer.concat([Buffer.alloc(46 * MIB, header), end]);
    },
    is: /too-large.*524288 entries/,
    readBytes: 32 * MIB,
    peakMiB: 450,
  },
};

for (const [what, { zip, is, readBytes, peakMiB = PEAK_MIB }] of Object.entries(ZIPS)) {
  await testWith(['linux'], `${what}: judged within its bounds`, async (t) => {
    const cost = await judge(join(await tempFolder(t, 'zip'), 'zip'), zip());
    const { oddities, ...rest } = { oddities: [] as readonly string[], ...cost.report };
    assert.match(JSON.stringify([rest, oddities[0]]), is);
    assert.ok(cost.readBytes <= readBytes, `${cost.readBytes} bytes read`);
    assert.ok(cost.peakMiB <= peakMiB, `${cost.peakMiB} MiB`);
  });
}

await testWith(['linux'], 'more entries than 16 bits count have the hash of all of them', async (t) => {
  const entries = manyEntries(MANY);
  const cost = await judge(join(await tempFolder(t, 'zip'), 'zip'), handmadeZip(entries));
  const expected = hash1(new Map(entries.map(({ name }) => [String(name), Buffer.alloc(0)])));
  assert.ok(cost.report.kind === 'hashed' && cost.report.h1 === expected, JSON.stringify(cost));
  assert.ok(cost.peakMiB <= PEAK_MIB, `${cost.peakMiB} MiB`);
});

async function judge(path: string, zip: Buffer): Promise<ZipCost> {
  await writeFile(path, zip);
  const { stdout } = await run(execPath, [HEAP_LIMIT, READER, path, 'example.com/m', 'v1.0.0'], {
    maxBuffer: 16 * MIB,
  });
  return JSON.parse(stdout) as ZipCost;
}
