import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { RondoError } from '../errors/rondo-error.ts';
import { tableOf } from '../words/language.ts';
import { say } from '../words/text.ts';
import { formatError, formatWarning, wantsColor } from './print-error.ts';

const PLAIN = { color: false, verbose: false };
const ERROR = new RondoError('E_NO_MIRROR', 'all mirrors failed', {
  details: ['a.example  503', 'b.example  \u001b[2Jtime-out'],
  hint: 'run `rondo doctor`',
  cause: new TypeError('beneath'),
});

test('what, why, and last how to mend it; nothing that steers a terminal', () => {
  assert.equal(
    formatError(ERROR, PLAIN),
    'error: all mirrors failed (E_NO_MIRROR)\n  a.example  503\n  b.example  \u{FFFD}[2Jtime-out\nhint: run `rondo doctor`\n',
  );
  assert.equal(formatError(new RondoError('E_CONFIG', 'no'), PLAIN), 'error: no (E_CONFIG)\n');
  assert.equal(formatWarning('a\nb', PLAIN), 'warning: a\u{FFFD}b\n');
});

test('behind a full-width colon there is no space, with colour and without', async () => {
  const table = await tableOf('zh');
  const error = new RondoError('E_BAD_NAME', say('not a semantic version: {version}', { version: 'x' }), {
    hint: 'rondo init',
  });
  const words = '错误：不是语义化版本：x (E_BAD_NAME)\n提示：rondo init\n';
  assert.equal(formatError(error, { ...PLAIN, table }), words);
  assert.equal(stripVTControlCharacters(formatError(error, { ...PLAIN, color: true, table })), words);
});

test('only --verbose shows stacks and causes, and the hint stays last', () => {
  assert.doesNotMatch(formatError(ERROR, PLAIN), /at |beneath/);
  const verbose = formatError(ERROR, { ...PLAIN, verbose: true });
  assert.match(verbose, /\n {6}at .*\n {2}caused by:\n {2}TypeError: beneath\n/s);
  assert.match(verbose, /\nhint: run `rondo doctor`\n$/);
});

test('anything else that was thrown is a bug', () => {
  assert.match(
    formatError(new TypeError('x is not a function'), PLAIN),
    /^error: x is not a function \(E_BUG\)\nhint: this is a bug/,
  );
  assert.match(formatError('text', PLAIN), /^error: text \(E_BUG\)/);
});

test('colour stands beside the words and never instead of them', () => {
  const colored = formatError(ERROR, { color: true, verbose: false });
  assert.ok(colored.includes('\u001b['));
  // oxlint-disable-next-line no-control-regex -- the escape sequences are what is looked for
  assert.equal(colored.replace(/\u001b\[\d+m/g, ''), formatError(ERROR, PLAIN));
});

test('colour is for terminals whose user has not said no', () => {
  const table: [Record<string, string>, boolean, string[], boolean][] = [
    [{}, true, [], true],
    [{ NO_COLOR: '' }, true, [], true],
    [{ NO_COLOR: '0' }, true, [], false],
    [{ TERM: 'dumb' }, true, [], false],
    [{}, false, [], false],
    [{}, true, ['--no-color'], false],
  ];
  for (const [env, isTerminal, flags, expected] of table)
    assert.equal(wantsColor(env, isTerminal, flags), expected);
});
