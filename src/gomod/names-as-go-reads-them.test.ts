/** Random names, versions and paths against Go's own packages; `RONDO_FUZZ=100` tries a hundred times as many. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { fuzzBatches, orNull } from '../../test/support/fuzz-runs.ts';
import { goOracle } from '../../test/support/go-oracle.ts';
import { testWith } from '../../test/support/requirements.ts';
import { escapePath, escapeVersion, unescapePath, unescapeVersion } from './escape.ts';
import {
  canonicalVersion,
  checkVersion,
  isValidPath,
  matchPathMajor,
  splitPathVersion,
} from './module-path.ts';
import { isPseudoVersion, pseudoVersionTime } from './pseudo-version.ts';
import { parseRoute } from './route.ts';
import { build, canonical, compare, isValid, major, prerelease } from './semver.ts';
import { parseTilePath } from './tile-path.ts';

/** Names asked for in one go: each question to the other process costs more than a name. */
const AT_ONCE = { minLength: 200, maxLength: 200 };

function glue(...pieces: readonly string[]): fc.Arbitrary<string> {
  const piece = fc.oneof(
    { weight: 30, arbitrary: fc.constantFrom(...pieces) },
    fc.string({ maxLength: 2, unit: 'binary' }),
  );
  return fc.array(piece, { minLength: 1, maxLength: 12 }).map((found) => found.join(''));
}

const DIGITS = [
  '0',
  '1',
  '2',
  '9',
  '10',
  '01',
  '20240102030405',
  '20240230000000',
  '00010101000000',
  '99991231235959',
];

/** Near misses of versions, of paths and of tiles. */
const version = fc
  .tuple(
    fc.constantFrom('v', '', 'V', 'v1.0.0-', 'v0.0.0-', 'v1.2.3-pre.0.', 'v1.2.4-0.'),
    glue('.', '.', '-', '+', 'rc', 'incompatible', '0', 'abcdef123456', 'A', '!', '!a', ...DIGITS),
  )
  .map((parts) => parts.join(''));
const path = fc
  .tuple(
    fc.constantFrom('', 'a.b/', 'example.com/', 'gopkg.in/', 'github.com/'),
    glue(
      '/',
      '/',
      '.',
      '-',
      '_',
      '~',
      '~1',
      'a',
      'B',
      'con',
      'nul.txt',
      'v',
      'v2',
      '/v2',
      '.v3',
      '-unstable',
      '.git',
      '!',
      '!a',
      '!A',
      '@',
      '%',
      'é',
      ...DIGITS,
    ),
  )
  .map((parts) => parts.join(''));
const tile = fc
  .tuple(
    fc.constantFrom('tile/8/0/', 'tile/', 'tile/8/data/', 'tile/30/', ''),
    glue(
      '/',
      '/',
      'x',
      'x000',
      'x001',
      '000',
      '001',
      '234',
      'data',
      '.p/',
      '255',
      '256',
      '-1',
      '+1',
      '8',
      '30',
      '31',
      '9223372036854775807',
    ),
  )
  .map((parts) => parts.join(''));
const pseudo = fc
  .tuple(
    fc.constantFrom('v0.0.0-', 'v1.2.4-0.', 'v1.2.3-pre.0.', 'v2.0.0-', 'v1.2.3-0', 'v10.0.0-rc.1.0.'),
    fc.constantFrom(...DIGITS.filter((digits) => digits.length > 2), '2024010203040', '20241301000000'),
    fc.constantFrom('-abcdef123456', '-ABC', '-', '', '-abc+incompatible', '-a-b', '-a+meta.1'),
  )
  .map((parts) => parts.join(''));
const name = fc.oneof(version, pseudo, path, tile, fc.string({ unit: 'binary', maxLength: 20 }));

/** As go-oracle/main.go, describe. */
function describe(text: string): readonly unknown[] {
  const { prefix, pathMajor, ok } = splitPathVersion(text);
  const found = parseTilePath(text);
  const level = found?.level === 'data' ? -1 : found?.level;
  return [
    isValid(text),
    canonical(text),
    major(text),
    prerelease(text),
    build(text),
    canonicalVersion(text),
    isPseudoVersion(text),
    pseudoVersionTime(text)?.toISOString() ?? null,
    isValidPath(text),
    prefix,
    pathMajor,
    ok,
    orNull(() => escapePath(text)),
    orNull(() => unescapePath(text)),
    orNull(() => escapeVersion(text)),
    orNull(() => unescapeVersion(text)),
    found === undefined ? null : [found.height, level, found.index, found.width].join(' '),
  ];
}

await testWith(['go'], 'every name is to Rondo what it is to Go', async (t) => {
  const go = await goOracle(t);
  // By place in the answer, how often each question was said yes to.
  const yes = new Map<number, number>();
  await fc.assert(
    fc.asyncProperty(fc.array(name, AT_ONCE), async (names) => {
      const told = await go.ask(
        'name',
        names.map((each) => [each]),
      );
      for (const [index, each] of names.entries()) {
        const answer = describe(each);
        assert.deepEqual([each, { answer }], [each, told[index]]);
        for (const [at, one] of answer.entries())
          if (one !== false && one !== null && one !== '') yes.set(at, (yes.get(at) ?? 0) + 1);
      }
    }),
    fuzzBatches(40),
  );
  const rare = describe('').flatMap((_, at) => ((yes.get(at) ?? 0) < 10 ? [at] : []));
  assert.deepEqual(rare, [], `hardly ever answered yes to: ${JSON.stringify([...yes])}`);
});

await testWith(['go'], 'versions belong to paths and follow each other as in Go', async (t) => {
  const go = await goOracle(t);
  const pair = fc.tuple(fc.oneof(path, version), version);
  await fc.assert(
    fc.asyncProperty(fc.array(pair, AT_ONCE), async (pairs) => {
      const told = await go.ask('pair', pairs);
      for (const [index, [a, b]] of pairs.entries()) {
        const belongs = orNull(() => checkVersion(a, b)) !== null;
        const answer = [belongs, matchPathMajor(b, splitPathVersion(a).pathMajor), compare(a, b)];
        assert.deepEqual([a, b, { answer }], [a, b, told[index]]);
      }
    }),
    fuzzBatches(25),
  );
});

await testWith(['go'], 'no request path leads to a name that Go refuses, nor to another one', async (t) => {
  const go = await goOracle(t);
  const escaped = (of: fc.Arbitrary<string>): fc.Arbitrary<string> =>
    fc
      .tuple(of, fc.boolean())
      .map(([text, encode]) => (encode ? encodeURI(text).replaceAll('!', '%21') : text));
  const good = fc.constantFrom('/example.com/!m/@v/v1.0.0-!r!c1', '/a.b/c/v2/@v/v2.0.0', '/a.b/@v/v1.0.0');
  const stem = fc.oneof(
    good,
    fc.tuple(escaped(path), escaped(version)).map(([p, v]) => `/${p}/@v/${v}`),
  );
  const route = fc.tuple(stem, fc.constantFrom('.mod', '.zip', '.info')).map((parts) => parts.join(''));
  let found = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(route, AT_ONCE), async (routes) => {
      const parsed = routes.map((each) => parseRoute(each, []));
      const files = parsed.flatMap((each) =>
        each.kind === 'file' && 'version' in each.file ? [each.file] : [],
      );
      found += files.length;
      const modules = await go.ask(
        'name',
        files.map(({ module }) => [escapePath(module)]),
      );
      const versions = await go.ask(
        'name',
        files.map((each) => [escapeVersion(each.version)]),
      );
      for (const [index, file] of files.entries()) {
        assert.equal(unescaped(modules[index], UNESCAPED_PATH), file.module);
        assert.equal(unescaped(versions[index], UNESCAPED_VERSION), file.version);
      }
    }),
    fuzzBatches(15),
  );
  assert.ok(found > 100, 'too few paths had names: the test has shown little');
});

/** Where describe has them. */
const UNESCAPED_PATH = 13;
const UNESCAPED_VERSION = 15;

function unescaped(told: unknown, at: number): unknown {
  return (told as { answer: readonly unknown[] }).answer[at];
}
