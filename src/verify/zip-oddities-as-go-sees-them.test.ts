import assert from 'node:assert/strict';
import fc from 'fast-check';
import { fuzzBatches } from '../../test/support/fuzz-runs.ts';
import { goOracle } from '../../test/support/go-oracle.ts';
import { handmadeZip } from '../../test/support/handmade-zip.ts';
import { testWith } from '../../test/support/requirements.ts';
import { readModuleZip } from './read-module-zip.ts';
import { bytesSource } from './zip-source.ts';

const PATH = 'example.com/m';
const VERSION = 'v1.0.0';
const LAST_CODE_POINT = 0x1ffff;

function zipOf(names: readonly string[]): Buffer {
  return handmadeZip(
    names.map((name) => ({ name: `${PATH}@${VERSION}/${name}`, data: /(^|\/)$/.test(name) ? '' : 'x' })),
  );
}

/** Every letter beside what JavaScript makes of it in the other case: Go calls some of them equal and some not. */
function casePairs(): string[][] {
  const pairs: string[][] = [];
  for (let code = 0x21; code <= LAST_CODE_POINT; code += 1) {
    const letter = String.fromCodePoint(code);
    if (!/\p{L}/u.test(letter)) continue;
    for (const other of [letter.toUpperCase(), letter.toLowerCase(), letter.toUpperCase().toLowerCase()]) {
      if (other !== letter) pairs.push([letter, other]);
    }
  }
  return pairs;
}

/** Where nothing is added any more: which new signs are letters depends on the Unicode of Go and of Node. */
const SIGN = fc.integer({ min: 0x20, max: 0x7ff }).map((code) => String.fromCodePoint(code));

const ELEMENT = fc.oneof(
  fc.constantFrom(
    'a',
    'A',
    'go.mod',
    'GO.MOD',
    'con',
    'Con.txt',
    'com1',
    'b.',
    '.',
    '..',
    '.b',
    'é',
    'É',
    'a b',
    'LICENSE',
  ),
  fc.string({ minLength: 0, maxLength: 3 }),
  fc.string({ minLength: 1, maxLength: 2, unit: SIGN }),
);

const NAMES = fc.uniqueArray(
  fc.array(ELEMENT, { minLength: 1, maxLength: 3 }).map((elements) => elements.join('/')),
  { minLength: 1, maxLength: 4, selector: (name) => name },
);

await testWith(['go'], 'a zip is odd where go would not unpack it, and nowhere else', async (t) => {
  const go = await goOracle(t);
  const seen = { odd: 0, fine: 0 };
  const compare = async (lists: readonly (readonly string[])[]): Promise<void> => {
    const zips = lists.map(zipOf);
    const told = await go.ask(
      'zip-check',
      zips.map((zip) => [PATH, VERSION, zip.toString('base64')]),
    );
    for (const [index, zip] of zips.entries()) {
      const report = await readModuleZip(bytesSource(zip), PATH, VERSION);
      const said = told[index];
      const isFine = report.kind === 'hashed' && report.oddities.length === 0;
      seen[isFine ? 'fine' : 'odd'] += 1;
      assert.deepEqual({ answer: isFine }, said, JSON.stringify([lists[index], report]));
    }
  };
  await compare(casePairs());
  await fc.assert(
    fc.asyncProperty(fc.array(NAMES, { minLength: 40, maxLength: 40 }), compare),
    fuzzBatches(30),
  );
  assert.ok(seen.odd > 300 && seen.fine > 50, `${JSON.stringify(seen)}: the test has shown little`);
});
