/** Zips changed at random against Go's archive/zip and dirhash; `RONDO_FUZZ=100` tries a hundred times as many. */
import assert from 'node:assert/strict';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { fuzzBatches } from '../../test/support/fuzz-runs.ts';
import { goOracle } from '../../test/support/go-oracle.ts';
import { end64, type HandmadeEntry, handmadeZip } from '../../test/support/handmade-zip.ts';
import { testWith } from '../../test/support/requirements.ts';
import { readModuleZip } from './read-module-zip.ts';
import { bytesSource } from './zip-source.ts';

const PATH = 'example.com/m';
const VERSION = 'v1.0.0';
const PREFIX = `${PATH}@${VERSION}/`;

const entry: fc.Arbitrary<HandmadeEntry> = fc.record(
  {
    name: fc.constantFrom('a', 'A', 'b/c', 'b/', 'go.mod', 'a/../b', 'é').map((name) => PREFIX + name),
    data: fc.constantFrom('', 'x', 'module example.com/m\n', 'ab'.repeat(500)),
    method: fc.constantFrom(0, 8, 8),
    flags: fc.constantFrom(0, 0, 8, 0x800),
    descriptor: fc.constantFrom('', 'x', 'ab'.repeat(500)).map(descriptorOf),
    crc32: fc.constantFrom(0, crc32('x')),
    compressedBytes: fc.constantFrom(0, 1, 0xffffffff),
    uncompressedBytes: fc.constantFrom(0, 1, 1000, 0xffffffff),
    headerOffset: fc.constantFrom(0, 1, 60, 0xffffffff),
    extra: fc.oneof(
      fc.constant(wide(1000n)),
      fc.constant(wide(0n, 1n, 0n)),
      fc.uint8Array({ maxLength: 12 }).map((b) => Buffer.from(b)),
    ),
  },
  { requiredKeys: ['name', 'data'] },
);

/** Entries of which most are as they should be, in an archive whose ends may lie too. */
const archive = fc
  .tuple(
    fc.array(
      fc.oneof(
        {
          weight: 5,
          arbitrary: fc.record({
            name: fc.constantFrom('a', 'b').map((n) => PREFIX + n),
            data: fc.constantFrom('x', 'ab'.repeat(500)),
          }),
        },
        { weight: 2, arbitrary: entry },
      ),
      { maxLength: 4 },
    ),
    fc.record(
      {
        comment: fc
          .constantFrom('', 'c', 'PK\u0005\u0006', 'z'.repeat(2000))
          .map((text) => Buffer.from(text)),
        before: fc.constantFrom(1, 30).map((length) => Buffer.alloc(length)),
        after: fc.constantFrom(1, 22).map((length) => Buffer.alloc(length)),
        records: fc.constantFrom(0, 1, 2, 3, 0xffff),
        directoryBytes: fc.constantFrom(0, 0xffff, 46, 0xffffffff),
        directoryOffset: fc.constantFrom(0, 1, 0xffffffff),
        beforeEnd: fc
          .constantFrom(0, 1)
          .map(
            (by) => (offset: number, length: number) =>
              end64(offset + length, { records: 1, directoryBytes: length, directoryOffset: offset + by }),
          ),
      },
      { requiredKeys: [] },
    ),
    fc.boolean(),
  )
  .map(([entries, options, plain]) => handmadeZip(entries, plain ? {} : options));

/** The same with bytes set, taken out or put in. */
const mutated = fc
  .tuple(
    archive,
    fc.array(
      fc.tuple(
        fc.nat(4000),
        fc.constantFrom('set', 'set', 'set', 'drop', 'insert'),
        fc.uint8Array({ minLength: 1, maxLength: 4 }),
      ),
      { maxLength: 3 },
    ),
  )
  .map(([zip, changes]) =>
    changes.reduce((bytes: Buffer, [place, how, by]) => {
      const at = place % (bytes.length + 1);
      const rest = bytes.subarray(how === 'insert' ? at : at + by.length);
      return Buffer.concat([bytes.subarray(0, at), how === 'drop' ? Buffer.alloc(0) : by, rest]);
    }, zip),
  );

function descriptorOf(content: string): Buffer {
  const bytes = Buffer.alloc(16);
  bytes.writeUInt32LE(0x08074b50, 0);
  bytes.writeUInt32LE(crc32(content), 4);
  return bytes;
}

/** A 64-bit extra field with these values. */
function wide(...values: readonly bigint[]): Buffer {
  const bytes = Buffer.alloc(4 + 8 * values.length);
  bytes.writeUInt16LE(1, 0);
  bytes.writeUInt16LE(8 * values.length, 2);
  for (const [index, value] of values.entries()) bytes.writeBigUInt64LE(value, 4 + 8 * index);
  return bytes;
}

await testWith(['go'], 'a zip has the h1 that Go gives it, or is refused where Go refuses it', async (t) => {
  const go = await goOracle(t);
  let hashed = 0;
  let refused = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(mutated, { minLength: 40, maxLength: 40 }), async (zips) => {
      const encoded = zips.map((zip) => zip.toString('base64'));
      const told = await go.ask(
        'zip',
        encoded.map((each) => [each]),
      );
      for (const [index, zip] of zips.entries()) {
        const report = await readModuleZip(bytesSource(zip), PATH, VERSION);
        const said = told[index];
        const theirs = said !== undefined && 'answer' in said ? said.answer : undefined;
        if (report.kind === 'hashed') hashed += 1;
        else refused += 1;
        if (report.kind === 'too-large') continue;
        const ours = report.kind === 'hashed' ? report.h1 : undefined;
        assert.equal(ours, theirs, `${JSON.stringify([report, said])} of ${encoded[index]}`);
      }
    }),
    fuzzBatches(30),
  );
  assert.ok(hashed > 100 && refused > 100, `${hashed} hashed, ${refused} refused: the test has shown little`);
});
