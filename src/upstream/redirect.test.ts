import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isRedirect, nextRedirect } from './redirect.ts';

const FROM = new URL('https://mirror.example/base/x/@v/list');

const FOLLOWED: readonly (readonly [location: string, url: string, sameOrigin: boolean])[] = [
  ['/y', 'https://mirror.example/y', true],
  ['y?z=1#part', 'https://mirror.example/base/x/@v/y?z=1#part', true],
  ['https://store.example/y', 'https://store.example/y', false],
  ['//store.example/y', 'https://store.example/y', false],
  ['https://mirror.example:8443/y', 'https://mirror.example:8443/y', false],
];
for (const [location, href, sameOrigin] of FOLLOWED) {
  test(`a redirect to ${location} is followed`, () => {
    const step = nextRedirect(FROM, location, 0);
    assert.ok(step.kind === 'follow');
    assert.deepEqual([step.url.href, step.sameOrigin], [href, sameOrigin]);
  });
}

const REFUSED: readonly (readonly [location: string | undefined, why: RegExp])[] = [
  [undefined, /without Location/],
  ['', /without Location/],
  ['http://mirror.example/y', /https to http/],
  ['file:///etc/passwd', /file:/],
  ['javascript:alert(1)', /javascript:/],
  ['https://user:secret@store.example/', /credentials/],
  ['https://', /no URL/],
  ['https://[::1', /no URL/],
];
for (const [location, why] of REFUSED) {
  test(`a redirect to ${location} is refused`, () => {
    const step = nextRedirect(FROM, location, 0);
    assert.ok(step.kind === 'refuse');
    assert.match(step.why, why);
  });
}

test('ten redirects are followed, the eleventh is not', () => {
  assert.equal(nextRedirect(FROM, '/y', 9).kind, 'follow');
  assert.equal(nextRedirect(FROM, '/y', 10).kind, 'refuse');
});

test('from http to https is fine', () => {
  assert.equal(nextRedirect(new URL('http://a.example/'), 'https://a.example/', 0).kind, 'follow');
});

test('the five redirects of GET count, 300 and 304 do not', () => {
  assert.deepEqual([300, 301, 302, 303, 304, 305, 307, 308].filter(isRedirect), [301, 302, 303, 307, 308]);
});
