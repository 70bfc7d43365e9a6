import assert from 'node:assert/strict';
import { test } from 'node:test';
import { redact } from './redact.ts';

const CASES: readonly (readonly [string, string])[] = [
  ['cannot reach https://user:pa%20ss@proxy.example/x', 'cannot reach https://***@proxy.example/x'],
  ['http://token@h and http://a:b@h', 'http://***@h and http://***@h'],
  ['Authorization: Bearer abc.def', 'Authorization: ***'],
  ['GET /x?token=abc&y=1', 'GET /x?token=***&y=1'],
  ['GET /x?access_token=abc&X-Amz-Signature=f00', 'GET /x?access_token=***&X-Amz-Signature=***'],
  ['Proxy-Authorization: Basic YTpi', 'Proxy-Authorization: ***'],
  ['x-api-key: abc, Set-Cookie: id=1', 'x-api-key: ***, Set-Cookie: ***'],
  ['"password": "hunter2"', '"password": "***"'],
  [
    'example.org/m@v1.0.0: 503 at https://proxy.example/a@b',
    'example.org/m@v1.0.0: 503 at https://proxy.example/a@b',
  ],
];

for (const [text, expected] of CASES) {
  test(text, () => assert.equal(redact(text), expected));
}

test('takes linear time for hostile text', () => {
  assert.equal(redact('a://'.repeat(50_000)).length, 200_000);
  assert.equal(redact('a-'.repeat(100_000)).length, 200_000);
  assert.equal(redact('token='.repeat(1)).length, 6);
});
