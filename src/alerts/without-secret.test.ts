import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withoutSecret } from './without-secret.ts';

const URL_TEXT = 'https://chat.example/services/T000/B000/SECRETtoken%2F123?key=s3cret%20!';

function said(text: string): string {
  return withoutSecret(text, new URL(URL_TEXT));
}

test('what repeats a path or a query, whole, in pieces, decoded, escaped or cut, has *** in its place', () => {
  assert.equal(said(`no ${URL_TEXT} here`), 'no https://chat.example*** here');
  assert.equal(said('no /services/T000/B000/SECRETtoken/123 here'), 'no *** here');
  assert.equal(said('"SECRETtoken%2f123" is gone'), '"***" is gone');
  assert.equal(said('secrettoken is gone'), '*** is gone');
  assert.equal(said('the key s3cret ! and B000'), 'the key *** and ***');
  assert.equal(said('no \\/services\\/T000\\/B000\\/SECRETtok'), 'no \\***\\/***\\/***\\***');
});

test('what does not is left as it is, also beside a path without one', () => {
  for (const text of ['', 'no_such_room', 'İ is no service: İ', 'Unknown Webhook'])
    assert.equal(said(text), text);
  assert.equal(withoutSecret('not found: /', new URL('https://chat.example/')), 'not found: /');
  assert.equal(
    withoutSecret('no /a%zz-a-secret here', new URL('https://chat.example/a%zz-a-secret')),
    'no *** here',
  );
});
