import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { RondoError } from '../errors/rondo-error.ts';
import { parseChecksumRecord, recordHashes } from './checksum-record.ts';

const hash = (digit: string): string => `h1:${digit.repeat(43)}=`;
const note = `go.sum database tree\n12\n${'A'.repeat(43)}=\n\n\u2014 db.test AAAAAA==\n`;
const zipLine = `a.b/c v1.0.0 ${hash('z')}`;
const modLine = `a.b/c v1.0.0/go.mod ${hash('m')}`;

function lookup(...lines: string[]): string {
  return `7\n${lines.map((line) => `${line}\n`).join('')}\n${note}`;
}

test('a record in its parts', () => {
  assert.deepEqual(parseChecksumRecord(lookup(zipLine, modLine)), {
    id: 7,
    lines: [zipLine, modLine],
    noteText: note,
  });
});

test('the hashes of one version, and only of that', () => {
  const record = parseChecksumRecord(lookup(zipLine, modLine));
  assert.deepEqual(recordHashes(record, 'a.b/c', 'v1.0.0'), { mod: hash('m'), zip: hash('z') });
  assert.equal(recordHashes(record, 'a.b/c', 'v1.0.1'), undefined);
  assert.equal(recordHashes(record, 'b/c', 'v1.0.0'), undefined);
  assert.equal(recordHashes(parseChecksumRecord(lookup(zipLine)), 'a.b/c', 'v1.0.0'), undefined);
});

test('hashes of a later algorithm are passed over', () => {
  const record = parseChecksumRecord(lookup('a.b/c v1.0.0 h2:whatever', zipLine, modLine));
  assert.deepEqual(recordHashes(record, 'a.b/c', 'v1.0.0'), { mod: hash('m'), zip: hash('z') });
});

test('a record that contradicts itself is E_BAD_CONTENT', () => {
  const record = parseChecksumRecord(lookup(zipLine, modLine, `a.b/c v1.0.0 ${hash('y')}`));
  assert.throws(() => recordHashes(record, 'a.b/c', 'v1.0.0'), { code: 'E_BAD_CONTENT' });
});

test('anything malformed is E_BAD_CONTENT', () => {
  const good = lookup(zipLine, modLine);
  for (const text of [
    '',
    '<html>\n\n</html>',
    good.slice(1),
    `-${good}`,
    `0${good}`,
    good.replace('7', 'x'),
    good.replaceAll('\n', '\r\n'),
    good.replace('a.b/c', 'a.b\0c'),
    good.replace('a.b/c', 'a.b\ufffdc'),
    good.replace('h1:z', 'h1:'),
    good.replace(' h1:', '  h1:'),
    lookup(),
    lookup('', zipLine),
    lookup('not a line'),
    good.slice(0, -note.length),
    good.slice(0, -1),
    good.replace('\n12\n', '\n012\n'),
    good.replace('go.sum database tree', 'go.sum database tree v2'),
    `${good}trailing`,
    lookup(...Array.from({ length: 2000 }, () => zipLine)),
  ]) {
    assert.throws(() => parseChecksumRecord(text), { code: 'E_BAD_CONTENT' }, text.slice(0, 100));
  }
});

test('how long a record may be says nothing of the note behind it', () => {
  const text = lookup(...Array.from({ length: 1000 }, () => zipLine));
  const longNote = `${note}${'\u2014 junk.test AAAAAA==\n'.repeat(4000)}`;
  assert.ok(text.length < 64 * 1024 && longNote.length > 64 * 1024);
  const record = parseChecksumRecord(text.replace(note, longNote));
  assert.deepEqual([record.lines.length, record.noteText], [1000, longNote]);
  const endless = text.replace(note, `${note}${'\u2014 junk.test AAAAAA==\n'.repeat(60_000)}`);
  assert.throws(() => parseChecksumRecord(endless), { code: 'E_BAD_CONTENT' });
});

test('no cut of a good record is taken for one, and nothing else is ever thrown', () => {
  const good = lookup(zipLine, modLine);
  fc.assert(
    fc.property(fc.nat(good.length - 1), fc.string(), (at, tail) => {
      assert.throws(() => parseChecksumRecord(good.slice(0, at)), { code: 'E_BAD_CONTENT' });
      try {
        parseChecksumRecord(good.slice(0, at) + tail);
      } catch (thrown) {
        assert.ok(thrown instanceof RondoError && thrown.code === 'E_BAD_CONTENT');
      }
    }),
  );
});
