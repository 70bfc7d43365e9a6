import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { RondoError } from '../errors/rondo-error.ts';
import { parseInfo } from './info.ts';

test('a version with and without its time; other members are legal', () => {
  const time = new Date('2023-01-02T02:04:05.678Z');
  for (const [text, expected] of [
    ['{"Version":"v1.0.0"}', { version: 'v1.0.0' }],
    ['{"Version":"v1.0.0","Time":null,"Origin":{"VCS":"git"}}\n', { version: 'v1.0.0' }],
    ['{"Time":"2023-01-02T03:04:05.6789+01:00","Version":"v1.0.0"}', { version: 'v1.0.0', time }],
    ['{"version":"v1.0.0"}', { version: 'v1.0.0' }],
  ] as const) {
    assert.deepEqual(parseInfo(Buffer.from(text)), expected, text);
  }
});

test('anything that go could not use is E_BAD_CONTENT', () => {
  for (const text of [
    '',
    'null',
    '[]',
    '"v1.0.0"',
    '{}',
    '<html></html>',
    '{"Version":""}',
    '{"Version":1}',
    '{"Version":"../x"}',
    '{"Version":"a/b"}',
    '{"Version":"v1.0.0\\u0000"}',
    '{"Version":"v1.0.0","version":"v2.0.0"}',
    '{"Version":"v1.0.0","Time":"yesterday"}',
    '{"Version":"v1.0.0","Time":"2023-02-30T00:00:00Z"}',
    '{"Version":"v1.0.0","Time":5}',
    '{"Version":"v1.0.0"} x',
    '{"Version":"v1.0.0"',
    '\ufeff{"Version":"v1.0.0"}',
    `{"Version":"v${'1'.repeat(300)}.0.0"}`,
    `{"Version":"v1.0.0","x":"${'x'.repeat(70_000)}"}`,
    '['.repeat(60_000),
  ]) {
    assert.throws(() => parseInfo(Buffer.from(text)), { code: 'E_BAD_CONTENT' }, text.slice(0, 60));
  }
});

test('a view into a larger buffer is read alone', () => {
  const bytes = Buffer.from('xx{"Version":"v1.0.0"}yy');
  assert.deepEqual(parseInfo(bytes.subarray(2, -2)), { version: 'v1.0.0' });
});

test('never throws anything but E_BAD_CONTENT', () => {
  fc.assert(
    fc.property(fc.oneof(fc.json(), fc.string()), (text) => {
      try {
        parseInfo(Buffer.from(text));
      } catch (thrown) {
        assert.ok(thrown instanceof RondoError && thrown.code === 'E_BAD_CONTENT');
      }
    }),
  );
});

test('what encoding/json would refuse, or fold to another name, is refused here', () => {
  const refuse = (text: string): void => {
    assert.throws(() => parseInfo(Buffer.from(text)), /malformed version info/, text.slice(0, 60));
  };
  refuse('{"Version":"v1.0.0","Origin":"x"}');
  refuse('{"Version":"v1.0.0","Origin":{"URL":1}}');
  refuse('{"Version":"v1.0.0","Ver\u017fion":"v9.9.9"}');
  refuse(`{"Version":"v1.0.0","X":${'['.repeat(5000)}${']'.repeat(5000)}}`);
  const whole = '{"Version":"v1.0.0","Origin":{"VCS":"git","Hash":null},"Extra":{"a":[1]}}';
  assert.equal(parseInfo(Buffer.from(whole)).version, 'v1.0.0');
});
