import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { hash1 } from '../../test/support/fixture-modules.ts';
import { type HandmadeEntry, handmadeZip } from '../../test/support/handmade-zip.ts';
import { tempFolder } from '../../test/support/temp-folder.ts';
import { twoFacedZip } from '../../test/support/two-faced-zip.ts';
import type { ComingFile, OpenSink } from '../kit/file-sink.ts';
import { unpackProven } from './unpack-proven.ts';

const VERSION = { module: 'example.com/m', version: 'v1.0.0' };
const PREFIX = 'example.com/m@v1.0.0/';

function folder(): { files: Map<string, Buffer>; coming: ComingFile[]; open: OpenSink } {
  const files = new Map<string, Buffer>();
  const coming: ComingFile[] = [];
  return {
    files,
    coming,
    open: async (file) => {
      coming.push(file);
      const pieces: Buffer[] = [];
      return {
        take: (piece) => void pieces.push(Buffer.from(piece)),
        close: async () => void files.set(file.name, Buffer.concat(pieces)),
      };
    },
  };
}

test('every file is handed over as it was hashed, small and large, packed and not, from memory and from a file', async (t) => {
  const large = Buffer.alloc(9 * 2 ** 20, 'large ');
  const entries: HandmadeEntry[] = [
    { name: `${PREFIX}a.go`, data: 'package m\n' },
    { name: `${PREFIX}stored.bin`, data: large, method: 0 },
    { name: `${PREFIX}x/packed.bin`, data: large },
    { name: `${PREFIX}empty`, data: '' },
    { name: `${PREFIX}Þ.go`, data: 'package m\n' },
    { name: `${PREFIX}folder/`, method: 0 },
  ];
  const bytes = handmadeZip(entries);
  const path = join(await tempFolder(t), 'm.zip');
  await writeFile(path, bytes);
  const h1 = hash1(new Map(entries.map(({ name, data = '' }) => [String(name), Buffer.from(data)])));
  for (const zip of [{ bytes }, { path, sizeBytes: bytes.length }]) {
    const { files, coming, open } = folder();
    await unpackProven(zip, VERSION, h1, open);
    assert.deepEqual([...files.keys()], ['a.go', 'stored.bin', 'x/packed.bin', 'empty', 'Þ.go']);
    assert.ok(files.get('stored.bin')?.equals(large) === true);
    assert.ok(files.get('x/packed.bin')?.equals(large) === true);
    assert.equal(files.get('a.go')?.toString(), 'package m\n');
    assert.deepEqual(coming[0], { name: 'a.go', sizeBytes: 10, ofFiles: 5 });
  }
});

test('a zip with two directories is the one that was hashed, or none', async () => {
  const name = `${PREFIX}bin/go`;
  const bytes = twoFacedZip(name, { shown: 'good', hidden: 'evil' });
  const h1Of = (content: string): string => hash1(new Map([[name, Buffer.from(content)]]));
  const { files, open } = folder();
  await unpackProven({ bytes }, VERSION, h1Of('good'), open);
  assert.equal(files.get('bin/go')?.toString(), 'good');
  await assert.rejects(unpackProven({ bytes }, VERSION, h1Of('evil'), folder().open), {
    code: 'E_CHECKSUM_MISMATCH',
  });
});

test('another hash, or what no module zip may have, is refused', async () => {
  const h1 = hash1(new Map([[`${PREFIX}a`, Buffer.from('a')]]));
  const cases: [string, HandmadeEntry[], string][] = [
    ['another content', [{ name: `${PREFIX}a`, data: 'b' }], 'E_CHECKSUM_MISMATCH'],
    ['another name', [{ name: `${PREFIX}b`, data: 'a' }], 'E_CHECKSUM_MISMATCH'],
    ['a foreign entry', [{ name: 'example.com/m@v1.0.1/a', data: 'a' }], 'E_BAD_CONTENT'],
    ['above', [{ name: `${PREFIX}../a`, data: 'a' }], 'E_BAD_CONTENT'],
    ['above, by another slash', [{ name: `${PREFIX}..\\a`, data: 'a' }], 'E_BAD_CONTENT'],
    ['another drive', [{ name: `${PREFIX}C:a`, data: 'a' }], 'E_BAD_CONTENT'],
    ['absolute', [{ name: `${PREFIX}/a`, data: 'a' }], 'E_BAD_CONTENT'],
    ['here', [{ name: `${PREFIX}./a`, data: 'a' }], 'E_BAD_CONTENT'],
    ['NUL', [{ name: `${PREFIX}a\0b`, data: 'a' }], 'E_BAD_CONTENT'],
    [
      'no UTF-8',
      [{ name: Buffer.concat([Buffer.from(PREFIX), Buffer.from([0xff])]), data: 'a' }],
      'E_BAD_CONTENT',
    ],
    [
      'twice',
      [
        { name: `${PREFIX}a`, data: 'b' },
        { name: `${PREFIX}a`, data: 'a' },
      ],
      'E_BAD_CONTENT',
    ],
    ['a wrong CRC', [{ name: `${PREFIX}a`, data: 'a', crc32: 1 }], 'E_BAD_CONTENT'],
  ];
  for (const [name, entries, code] of cases) {
    const bytes = handmadeZip(entries);
    await assert.rejects(unpackProven({ bytes }, VERSION, h1, folder().open), { code }, name);
  }
  const bytes = Buffer.from('no zip');
  await assert.rejects(unpackProven({ bytes }, VERSION, h1, folder().open), { code: 'E_BAD_CONTENT' });
});

test('an error of the disk stays one, also inside what is inflated', async () => {
  const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { syscall: 'write' });
  const open: OpenSink = async () => ({
    take: () => {
      throw full;
    },
    close: async () => undefined,
  });
  const bytes = handmadeZip([{ name: `${PREFIX}a`, data: 'a' }]);
  await assert.rejects(unpackProven({ bytes }, VERSION, 'h1:x', open), full);
});
