import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readRequirements } from './go-mod.ts';

test('requirements of lines and blocks, with comments, quotes and odd white space', () => {
  const text = `// a comment
module example.com/m // its name
go 1.20
require example.com/one v1.0.0
require	(
	example.com/two/v2 v2.1.0 // indirect
	"example.com/three" v0.0.0-20200101000000-0123456789ab
	// example.com/out v1.0.0
)
replace example.com/one => example.com/other v1.2.3
exclude (
	example.com/not v1.0.0
)
retract [v1.0.0, v1.9.0]
require example.com/four v4.0.0+incompatible\r
`;
  assert.deepEqual(readRequirements(text), {
    pruned: true,
    requires: [
      { module: 'example.com/one', version: 'v1.0.0' },
      { module: 'example.com/two/v2', version: 'v2.1.0' },
      { module: 'example.com/three', version: 'v0.0.0-20200101000000-0123456789ab' },
      { module: 'example.com/four', version: 'v4.0.0+incompatible' },
    ],
  });
});

test('pruned from go 1.17 on; without a go line it is not', () => {
  for (const [line, pruned] of [
    ['', false],
    ['go 1.9', false],
    ['go 1.16', false],
    ['go 1.17', true],
    ['go 1.26.1', true],
    ['go 1.21rc2', true],
    ['go 2.0', true],
    ['go (\n1.17\n)', true],
    ['go nonsense', false],
  ] as const) {
    assert.equal(readRequirements(`module example.com/m\n${line}\n`).pruned, pruned, line);
  }
});

test('what names no module version is passed over', () => {
  const text =
    'require ../up v1.0.0\nrequire example.com/m master\nrequire example.com/m\nrequire (\n)\nrequire';
  assert.deepEqual(readRequirements(text).requires, []);
});

test('only the first 20,000 lines are read, of those the first words, and none that is endless', () => {
  const wanted = 'require example.com/m v1.0.0';
  const endless = `require ${'a'.repeat(1000)} v1.0.0 // out`;
  const table: readonly (readonly [string, number])[] = [
    [`${'\n'.repeat(19_999)}${wanted}`, 1],
    [`${'\n'.repeat(20_000)}${wanted}`, 0],
    [`${endless}\n${wanted}`, 1],
    [`${wanted}${' '.repeat(1000)}`, 0],
    [`${wanted} ${'( '.repeat(400)}`, 1],
  ];
  for (const [text, count] of table)
    assert.equal(readRequirements(text).requires.length, count, text.trim().slice(0, 40));
});

test('the worst go.mod that is read costs the thread little', (t) => {
  const mib = 1024 * 1024;
  for (const line of [
    '\n',
    '( ( ( (\n',
    `${'("'.repeat(499)}\n`,
    `require "${'/'.repeat(900)}\n`,
    `a.b/c v1.0.0\n`,
  ]) {
    const text = line.repeat(Math.ceil(mib / line.length)).slice(0, mib);
    const before = process.cpuUsage();
    assert.deepEqual(readRequirements(text).requires, []);
    const { user } = process.cpuUsage(before);
    t.diagnostic(`figures: 1 MiB of ${JSON.stringify(line.slice(0, 10))}: ${Math.round(user / 1000)} ms`);
  }
});

test('whatever it is given, it ends with valid names and within its bound', () => {
  const words = fc.constantFrom(
    'require',
    '(',
    ')',
    '\n',
    ' ',
    '"',
    '//',
    'go',
    '1.17',
    'a.b/c',
    'v1.0.0',
    '`',
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.array(words).map((all) => all.join(' ')),
      ),
      (text) => {
        for (const { module, version } of readRequirements(text).requires) {
          assert.match(`${module}@${version}`, /^[\x21-\x7e]+@v[\x21-\x7e]+$/);
        }
      },
    ),
  );
  const many = `require (\n${'a.b/c v1.0.0\n'.repeat(20_000)})\n`;
  assert.equal(readRequirements(many).requires.length, 5000);
});
