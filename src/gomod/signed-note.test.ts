import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { noteSigner } from '../../test/support/signed-note.ts';
import { openNote } from './signed-note.ts';
import { parseVerifierKey } from './verifier-key.ts';

const SIGNER = noteSigner('sum.rondo.test', 'one');
const OTHER = noteSigner('other.rondo.test', 'two');
const KEY = parseVerifierKey(SIGNER.verifierKey);
const TEXT = 'go.sum database tree\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n';
const NOTE = SIGNER.sign(TEXT);

function signatureOf(note: string): string {
  return note.slice(note.lastIndexOf('\n\n') + 2);
}

function kindOf(note: string | Uint8Array): string {
  return openNote(Buffer.from(note), [KEY]).kind;
}

test('a note that its key has signed', () => {
  const opened = openNote(Buffer.from(NOTE), [KEY]);
  const signers = [{ name: KEY.name, hash: KEY.hash }];
  assert.deepEqual(opened, { kind: 'signed', note: { text: TEXT, signers, message: NOTE } });
});

test('several signatures: those of unknown keys say nothing, those of known ones must be right', () => {
  const foreign = signatureOf(OTHER.sign(TEXT));
  assert.equal(kindOf(`${NOTE}${foreign}`), 'signed');
  assert.equal(kindOf(`${TEXT}\n${foreign}${signatureOf(NOTE)}`), 'signed');
  assert.equal(kindOf(`${TEXT}\n${foreign}`), 'unknown-signer');
  const both = openNote(Buffer.from(`${NOTE}${foreign}`), [KEY, parseVerifierKey(OTHER.verifierKey)]);
  assert.deepEqual(both.kind === 'signed' && both.note.signers.map(({ name }) => name), [
    'sum.rondo.test',
    'other.rondo.test',
  ]);
  const forged = signatureOf(SIGNER.sign('another text\n'));
  assert.deepEqual(openNote(Buffer.from(`${TEXT}\n${forged}`), [KEY]), {
    kind: 'wrong-signature',
    signer: 'sum.rondo.test',
  });
  // As note.Open: only the first signature of a key is looked at.
  assert.equal(kindOf(`${NOTE}${forged}`), 'signed');
  assert.equal(kindOf(`${TEXT}\n${forged}${signatureOf(NOTE)}`), 'wrong-signature');
});

test('what is passed on has the signatures of known keys alone, however they were spelt', () => {
  const foreign = signatureOf(OTHER.sign(TEXT));
  const own = signatureOf(NOTE);
  // The last digit has two bits that say nothing.
  const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  const respelt = own.replace(/(.)=\n$/, (_, last: string) => `${digits[digits.indexOf(last) + 1]}=\n`);
  assert.notEqual(respelt, own);
  for (const signatures of [own + foreign, foreign + own, own + own, respelt, foreign.repeat(99) + own]) {
    const opened = openNote(Buffer.from(`${TEXT}\n${signatures}`), [KEY]);
    assert.equal(opened.kind === 'signed' && opened.note.message, NOTE, signatures.slice(0, 300));
  }
  const both = openNote(Buffer.from(`${NOTE}${foreign}`), [KEY, parseVerifierKey(OTHER.verifierKey)]);
  assert.equal(both.kind === 'signed' && both.note.message, `${NOTE}${foreign}`);
});

test('the name and the hash of a key go together', () => {
  const impostor = noteSigner('sum.rondo.test', 'impostor');
  assert.equal(kindOf(impostor.sign(TEXT)), 'unknown-signer');
  assert.equal(kindOf(NOTE.replace('— sum.rondo.test', '— sum.rondo.other')), 'unknown-signer');
});

test('what is no note is malformed, and nothing throws', () => {
  const signature = signatureOf(NOTE);
  for (const [what, note] of Object.entries({
    empty: '',
    'no signature': `${TEXT}\n`,
    'no empty line': `${TEXT}${signature}`,
    'no newline at the end': NOTE.slice(0, -1),
    'no dash': `${TEXT}\n${signature.slice(2)}`,
    'a control character': NOTE.replace('tree', 'tr\ree'),
    'bad base64': NOTE.replace(/=?=\n$/, '\n'),
    'base64 with a blank in it': NOTE.replace(/(.{8})\n$/, ' $1\n'),
    'a signature too short': `${TEXT}\n— sum.rondo.test AAAAAA==\n`,
    'no name': `${TEXT}\n— ${signature.split(' ')[2]}`,
    'a plus in the name': NOTE.replace('— sum', '— s+m'),
    'a space of another kind in the name': NOTE.replace('— sum', '— s\u00a0m'),
    '101 signatures': `${TEXT}\n${signature.repeat(101)}`,
    'too long': `${'x'.repeat(1_000_000)}\n\n${signature}`,
  })) {
    assert.equal(kindOf(note), 'malformed', what);
  }
  assert.equal(kindOf(`${TEXT}\n${signature.repeat(100)}`), 'signed');
  assert.equal(kindOf(Buffer.concat([Buffer.from([0xff]), Buffer.from(NOTE)])), 'malformed');
});

test('a note of which any one byte is another is never signed, and never throws', () => {
  // The last character of base64 has bits that stand for nothing: go reads them as nothing, too, and the note is the same.
  const bytes = Buffer.from(NOTE);
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const spoilt = Buffer.from(bytes);
      spoilt[at] = (spoilt[at] ?? 0) ^ change;
      const opened = openNote(spoilt, [KEY]);
      assert.ok(opened.kind !== 'signed' || opened.note.message === NOTE);
    }),
  );
  fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), (noise) => kindOf(noise) !== 'signed'));
});
