import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { RondoError } from '../errors/rondo-error.ts';
import { render } from '../words/render.ts';
import { MAX_GO_SUM_LENGTH, parseGoSum } from './go-sum.ts';

const hash = (digit: string): string => `h1:${digit.repeat(43)}=`;
const nothing = { entries: [], conflicts: [], flaws: [], unknownHashes: 0 };

function refused(text: string): string {
  let said = '';
  assert.throws(
    () => parseGoSum(text),
    (error) => {
      assert.ok(error instanceof RondoError && error.code === 'E_GO_SUM');
      said = error.message;
      return true;
    },
  );
  return said;
}

test('the two files of a version, whatever space and line ends there are', () => {
  const text = `\r\n a.b/c \t v1.0.0 ${hash('z')}\r\n\n\u00a0a.b/c\u0085v1.0.0/go.mod\u3000${hash('m')}`;
  assert.deepEqual(parseGoSum(text), {
    ...nothing,
    entries: [
      { module: 'a.b/c', version: 'v1.0.0', kind: 'zip', h1: hash('z'), line: 2 },
      { module: 'a.b/c', version: 'v1.0.0', kind: 'mod', h1: hash('m'), line: 4 },
    ],
  });
});

test('a line that is there twice is one entry, and of two hashes the first counts', () => {
  const text = ['z', 'z', 'y', 'z'].map((digit) => `a.b/c v1.0.0 ${hash(digit)}\n`).join('');
  const { entries, conflicts } = parseGoSum(text);
  assert.deepEqual(
    [entries, conflicts].map((each) => each.map(({ h1, line }) => [h1, line])),
    [[[hash('z'), 1]], [[hash('y'), 3]]],
  );
});

test('hashes of another kind and of the empty go.mod are passed over', () => {
  const empty = 'h1:G7mAYYxgmS0lVkHyy2hEOLQCFB0DlQFTMLWggykrydY=';
  const text = `a.b/c v1.0.0 h2:x\na.b/c v1.0.0/go.mod ${empty}\n`;
  assert.deepEqual(parseGoSum(text), { ...nothing, unknownHashes: 1 });
});

test('another number of fields is refused with the number of the line', () => {
  assert.equal(refused(`\na.b/c v1.0.0\n`), 'malformed go.sum: line 2 has 2 fields instead of 3');
  assert.match(refused(`a.b/c v1.0.0 ${hash('z')} x`), /line 1 has 4 fields/);
  assert.match(refused('<<<<<<< HEAD\n'), /line 1 has 2 fields/);
  assert.match(refused('\ufeff'), /line 1 has 1 fields/, 'a byte order mark is no space for Go');
});

test('a name or hash that nothing can have is a flaw of its line, printable', () => {
  for (const line of [
    `a.b/c v1.0.0 h1:short`,
    `a.b/c v1.0.0 ${hash('\u001b')}`,
    `a.b/c v1.0 ${hash('z')}`,
    `a.b/c v2.0.0 ${hash('z')}`,
    `../c v1.0.0 ${hash('z')}`,
    `a.b/\u001b[31m v1.0.0 ${hash('z')}`,
    `a.b/c v1.0.0/go.sum ${hash('z')}`,
  ]) {
    const { entries, flaws } = parseGoSum(`${line}\n`);
    assert.deepEqual([entries.length, flaws.length, flaws[0]?.line], [0, 1, 1], line);
    assert.match(render(flaws[0]?.why ?? ''), /^[ -~]+$/);
  }
});

test('a text beyond the bound is refused unread', () => {
  assert.match(refused(' '.repeat(MAX_GO_SUM_LENGTH + 1)), /longer than/);
  assert.deepEqual(parseGoSum('\n'.repeat(MAX_GO_SUM_LENGTH)), nothing);
});

test('what is made of lines is read back, and nothing but E_GO_SUM is ever thrown', () => {
  const version = fc.tuple(fc.nat(), fc.nat(), fc.nat()).map(([a, b, c]) => `v${a % 2}.${b}.${c}`);
  const module = fc
    .stringMatching(/^[a-z]{1,9}\.[a-z]{2}\/[a-zA-Z]{1,9}$/)
    // Names that Windows reserves are none of modules (module.CheckPath).
    .filter((path) => !/(?:^|\/)(?:con|prn|aux|nul)(?:\.|$)/i.test(path));
  const h1 = fc
    .uint8Array({ minLength: 32, maxLength: 32 })
    .map((bytes) => Buffer.from(bytes).toString('base64'));
  const entry = fc.tuple(module, version, fc.boolean(), h1);
  fc.assert(
    fc.property(
      fc.uniqueArray(entry, { selector: (e) => e.slice(0, 3).join(' ') }),
      fc.string(),
      (made, junk) => {
        const lines = made.map(([m, v, mod, sum]) => `${m} ${v}${mod ? '/go.mod' : ''} h1:${sum}\n`);
        assert.deepEqual(
          parseGoSum(lines.join('')).entries.map((e) => [e.module, e.version, e.kind, e.h1]),
          made.map(([m, v, mod, sum]) => [m, v, mod ? 'mod' : 'zip', `h1:${sum}`]),
        );
        try {
          parseGoSum(lines.join('') + junk);
        } catch (thrown) {
          assert.ok(thrown instanceof RondoError && thrown.code === 'E_GO_SUM');
        }
      },
    ),
  );
});
