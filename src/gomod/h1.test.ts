import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { hashLines, hashMod } from './h1.ts';

const sha256Hex = createHash('sha256').update('x').digest('hex');

test('the hash of a published go.mod is the one in every go.sum', () => {
  // rsc.io/sampler v1.3.0/go.mod
  const goMod = 'module "rsc.io/sampler"\n\nrequire "golang.org/x/text" v0.0.0-20170915032832-14c0d48ead0c\n';
  assert.equal(hashMod(Buffer.from(goMod)), 'h1:T1hPZKmBbMNahiBKFy5HrXp6adAjACjK9JXDnKaTXpA=');
});

test('the order of the files does not count, their names do', () => {
  const [a, b, c] = ['a', 'b', 'c'].map((name) => ({ name, sha256Hex }));
  assert.ok(a !== undefined && b !== undefined && c !== undefined);
  assert.equal(hashLines([a, b]), hashLines([b, a]));
  assert.notEqual(hashLines([a, b]), hashLines([a, c]));
});

test('names are sorted by their bytes, not by UTF-16 units', () => {
  const sum = createHash('sha256');
  for (const name of ['\uffff', '\u{1f600}']) sum.update(`${sha256Hex}  ${name}\n`);
  assert.equal(
    hashLines([
      { name: '\u{1f600}', sha256Hex },
      { name: '\uffff', sha256Hex },
    ]),
    `h1:${sum.digest('base64')}`,
  );
});

test('a name that is not UTF-8 is hashed as its bytes', () => {
  const name = Buffer.from([0x61, 0xff]);
  const line = Buffer.concat([Buffer.from(`${sha256Hex}  `), name, Buffer.from('\n')]);
  const expected = `h1:${createHash('sha256').update(line).digest('base64')}`;
  assert.equal(hashLines([{ name, sha256Hex }]), expected);
});

test('a name with a newline is E_BAD_CONTENT', () => {
  for (const name of ['a\nb', Buffer.from('a\nb')]) {
    assert.throws(() => hashLines([{ name, sha256Hex }]), { code: 'E_BAD_CONTENT' });
  }
});
