import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { RondoError } from '../errors/rondo-error.ts';
import { columnsOf } from './printable.ts';
import { problemOf, problemText } from './problem.ts';

/** What the go command prints of a body; '' where it drops it (cmd/go/internal/web, formatErrorDetail). */
function printedByGo(body: string): string {
  for (const character of body) {
    if (!/[\p{L}\p{M}\p{N}\p{P}\p{S}\p{Zs}\s]/u.test(character)) return '';
  }
  let printed = '';
  for (const [index, line] of body.split('\n').entries()) {
    if (line.trim() === '') break;
    if (index > 0) printed += '\n\t';
    if (index >= 8 || Buffer.byteLength(printed) + Buffer.byteLength(line) > 648)
      return `${printed}[Truncated]`;
    printed += line;
  }
  return printed;
}

test('a short problem is the cause, the mirrors and the hint, a line each', () => {
  const error = new RondoError('E_NO_MIRROR', 'no mirror could answer', {
    details: ['goproxy.cn: 503 overload', 'goproxy.io: no header for 60 s'],
    hint: 'run `rondo doctor`',
  });
  assert.equal(
    problemText(502, problemOf(error)),
    'no mirror could answer\ngoproxy.cn: 503 overload\ngoproxy.io: no header for 60 s\nhint: run `rondo doctor`\n',
  );
});

test('a 404 says not found, once', () => {
  assert.equal(problemText(404, { message: 'no such version' }), 'not found: no such version\n');
  assert.equal(problemText(404, { message: 'not found: x' }), 'not found: x\n');
  assert.equal(problemText(403, { message: 'no' }), 'no\n');
});

test('too many mirrors are counted and the hint stays', () => {
  const details = Array.from({ length: 20 }, (_, index) => `mirror-${index}: connection refused`);
  const lines = problemText(502, { message: 'no mirror could answer', details, hint: 'wait' })
    .trimEnd()
    .split('\n');
  assert.equal(lines.length, 8);
  assert.equal(lines[0], 'no mirror could answer');
  assert.equal(lines[5], 'mirror-4: connection refused');
  assert.equal(lines[6], '(15 more)');
  assert.equal(lines[7], 'hint: wait');
});

test('details that just fit are all shown', () => {
  const details = ['a', 'b', 'c', 'd', 'e', 'f'];
  assert.equal(problemText(502, { message: 'm', details, hint: 'h' }), 'm\na\nb\nc\nd\ne\nf\nhint: h\n');
});

test('a long cause is broken at a space, a long mirror line is cut', () => {
  const message = `no mirror has ${'x'.repeat(70)} at v1.0.0`;
  const [first, second, third] = problemText(502, { message, details: ['y'.repeat(100)] }).split('\n');
  assert.equal(first, 'no mirror has');
  assert.equal(second, `  ${'x'.repeat(70)} at`);
  assert.equal(third, '  v1.0.0');
  assert.match(problemText(502, { message: 'm', details: ['y'.repeat(100)] }), /^m\ny{77}\.\.\.\n$/);
});

test('hostile characters are replaced, Chinese is kept', () => {
  const text = problemText(502, {
    message: 'a\u001b[31mb\u202Ec\u0000',
    details: ['模块不存在', '\u{E0041}\uD800'],
  });
  assert.equal(text, 'a?[31mb?c?\n模块不存在\n??\n');
});

test('whatever a problem holds, the go command prints all of its body', () => {
  const anything = fc.oneof(fc.string({ unit: 'binary', maxLength: 900 }), fc.string({ unit: 'grapheme' }));
  fc.assert(
    fc.property(
      fc.constantFrom(403, 404, 502),
      anything,
      fc.array(anything, { maxLength: 12 }),
      fc.option(anything, { nil: undefined }),
      (status, message, details, hint) => {
        const body = problemText(status, { message, details, hint });
        const lines = body.slice(0, -1).split('\n');
        assert.equal(printedByGo(body), lines.join('\n\t'));
        assert.ok(body.endsWith('\n'));
        assert.ok(body.isWellFormed());
        assert.ok(lines.length <= 8);
        for (const line of lines) assert.ok(columnsOf(line) <= 80, line);
      },
    ),
  );
});
