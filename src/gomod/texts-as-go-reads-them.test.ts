/** Random go.sum files, lists and records against what Go makes of them; `RONDO_FUZZ=100` tries a hundred times as many. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { fuzzBatches, orNull } from '../../test/support/fuzz-runs.ts';
import { goOracle, type GoAnswer } from '../../test/support/go-oracle.ts';
import { testWith } from '../../test/support/requirements.ts';
import { parseChecksumRecord } from './checksum-record.ts';
import { type GoSum, parseGoSum } from './go-sum.ts';
import { parseGoproxyList } from './goproxy-list.ts';
import { publishedLines } from './published-list.ts';

/** Texts asked for in one go: each question to the other process costs more than a text. */
const AT_ONCE = { minLength: 50, maxLength: 50 };

function texts(of: fc.Arbitrary<string>): fc.Arbitrary<string[]> {
  return fc.array(of, AT_ONCE);
}

/** Pieces one after another, with some noise between. */
function glue(max: number, ...pieces: readonly string[]): fc.Arbitrary<string> {
  const noise = fc.string({ maxLength: 2, unit: 'binary' });
  const piece = fc.oneof({ weight: 60, arbitrary: fc.constantFrom(...pieces) }, noise);
  return fc.array(piece, { maxLength: max }).map((found) => found.join(''));
}

const SPACES = [' ', ' ', '\n', '\n', '\r\n', '\t', '\u0085', '\u00a0', '\u2003', '\ufeff', '\v'];
const H1S = ['a', 'b'].map((letter) => `h1:${letter.repeat(43)}=`);

function answerOf(told: GoAnswer | undefined): unknown {
  return told !== undefined && 'answer' in told ? told.answer : null;
}

await testWith(
  ['go'],
  'a go.sum has the lines that Go reads, and is malformed where Go says so',
  async (t) => {
    const go = await goOracle(t);
    const empty = 'h1:G7mAYYxgmS0lVkHyy2hEOLQCFB0DlQFTMLWggykrydY=';
    const line = fc
      .tuple(
        fc.constantFrom('a.b/c', 'A.b', 'a.b/c/v2', '../x'),
        fc.constantFrom(' ', '\t', '\u00a0 '),
        fc.constantFrom('v1.0.0', 'v1.0.0/go.mod', 'v1.0', 'v2.0.0', 'v2.0.0+incompatible', '/go.mod'),
        fc.constantFrom(' ', '  ', '\u2003'),
        fc.constantFrom(...H1S, ...H1S, 'h1:x', 'h2:y', empty),
        fc.constantFrom('\n', '\r\n', ' \n\n'),
      )
      .map((parts) => parts.join(''));
    const sums = fc.oneof(
      fc.array(line, { maxLength: 8 }).map((lines) => lines.join('')),
      glue(14, ...SPACES, ...H1S, 'a.b/c', 'v1.0.0', 'v1.0.0/go.mod'),
    );
    let read = 0;
    await fc.assert(
      fc.asyncProperty(texts(sums), async (all) => {
        const told = await go.ask(
          'go.sum',
          all.map((each) => [each]),
        );
        for (const [index, text] of all.entries()) {
          const found = orNull(() => parseGoSum(text));
          read += found?.entries.length ?? 0;
          compareSums(found, answerOf(told[index]), text);
        }
      }),
      fuzzBatches(40),
    );
    assert.ok(read > 200, `only ${read} entries: the test has shown little`);
  },
);

/** Go's are a map: module, version with its `/go.mod`, all hashes in their order. */
function compareSums(found: GoSum | null, answer: unknown, text: string): void {
  assert.equal(found === null, answer === null, JSON.stringify(text));
  if (found === null) return;
  const rows = answer as [string, string, string[]][];
  const known = new Map(rows.map(([module, version, hashes]) => [`${module} ${version}`, hashes]));
  const good = (hash: string): boolean => H1S.includes(hash);
  for (const { module, version, kind, h1 } of found.entries) {
    const hashes = known.get(`${module} ${version}${kind === 'mod' ? '/go.mod' : ''}`) ?? [];
    assert.equal(hashes.find(good), h1, text);
  }
  const lines = rows.flatMap(([, , hashes]) => hashes);
  assert.equal(found.unknownHashes, lines.filter((hash) => !hash.startsWith('h1:')).length, text);
}

await testWith(['go'], 'a published list has the versions that Go takes from the mirror’s', async (t) => {
  const go = await goOracle(t);
  const versions = [
    'v1.0.0',
    'v1.10.0-rc.1',
    'v1',
    'v0.0.0-20240102030405-abcdef123456',
    'master',
    '2024-01-01T00:00:00Z',
  ];
  const list = glue(20, '\n', '\n', ...SPACES, ...versions);
  await fc.assert(
    fc.asyncProperty(texts(list), async (all) => {
      const told = await go.ask(
        'list',
        all.map((each) => [each]),
      );
      const ours = await go.ask(
        'list',
        all.map((each) => [publishedLines(each)]),
      );
      assert.deepEqual(ours, told);
    }),
    fuzzBatches(25),
  );
});

await testWith(['go'], 'no checksum record is accepted that Go refuses, nor read otherwise', async (t) => {
  const go = await goOracle(t);
  const root = `${'A'.repeat(43)}=`;
  const tree = `go.sum database tree\n12\n${root}\n\n\u2014 db.test AAAAAA==\n`;
  const record = `7\na.b/c v1.0.0 ${H1S[0]}\na.b/c v1.0.0/go.mod ${H1S[1]}\n\n${tree}`;
  // A piece of a good record replaced by something likely to matter.
  const patch = fc.tuple(
    fc.nat(record.length),
    fc.nat(6),
    glue(3, '\n', '\n\n', ' ', '0', '-', '9', 'h1:', '\r', '\0', '\u2014', '=', '12345678901234567890'),
  );
  let accepted = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(patch, { maxLength: 2 }), AT_ONCE), async (all) => {
      const found = all.map((patches) => {
        const text = patches.reduce(
          (now, [at, length, by]) => now.slice(0, at) + by + now.slice(at + length),
          record,
        );
        // A patch may have cut a character in two.
        return text.toWellFormed();
      });
      const told = await go.ask(
        'record',
        found.map((each) => [each]),
      );
      for (const [index, text] of found.entries()) {
        const ours = orNull(() => parseChecksumRecord(text));
        if (ours === null) continue;
        accepted += 1;
        const lines = ours.lines.map((each) => `${each}\n`).join('');
        assert.deepEqual(answerOf(told[index]), [ours.id, lines, ours.noteText], JSON.stringify(text));
        const body = ours.noteText.slice(0, ours.noteText.indexOf('\n\n') + 1);
        assert.notEqual(answerOf((await go.ask('tree', [[body]]))[0]), null, JSON.stringify(body));
      }
    }),
    fuzzBatches(40),
  );
  assert.ok(accepted > 100, `only ${accepted} accepted: the test has shown little`);
});

await testWith(['go'], 'a GOPROXY list has the entries that Go finds, or none', async (t) => {
  const go = await goOracle(t);
  const entry = fc.oneof(
    fc.constantFrom(
      'https://a.test',
      'http://b.test:80/x',
      'a.test/go',
      'direct',
      'off',
      'file:///x',
      '',
      ' ',
    ),
    glue(
      6,
      'https',
      'http',
      'file',
      '://',
      ':',
      '/',
      '//',
      '@',
      '.',
      'a.test',
      '[::1]',
      '%41',
      '%',
      '?',
      '#',
      '\\',
      ' ',
      '80',
      'direct',
    ),
  );
  const list = fc
    .array(fc.tuple(entry, fc.constantFrom(',', '|')), { minLength: 1, maxLength: 4 })
    .map((all) => all.flat().join(''));
  let accepted = 0;
  await fc.assert(
    fc.asyncProperty(texts(list), async (all) => {
      const told = await go.ask(
        'goproxy',
        all.map((each) => [each]),
      );
      for (const [index, text] of all.entries()) {
        const ours = orNull(() => parseGoproxyList(text));
        if (ours === null) continue;
        accepted += 1;
        const entries = ours.entries.map(({ url, separator }) => [url, separator === '|']);
        const end = ours.end === undefined ? [] : [[ours.end, false]];
        assert.deepEqual(answerOf(told[index]), [...entries, ...end], JSON.stringify(text));
      }
    }),
    fuzzBatches(40),
  );
  assert.ok(accepted > 300, `only ${accepted} accepted: the test has shown little`);
});
