import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fuzzBatches } from '../../test/support/fuzz-runs.ts';
import { goOracle } from '../../test/support/go-oracle.ts';
import { testWith } from '../../test/support/requirements.ts';
import { render } from '../words/render.ts';
import { goModFlaws, goWorkFlaws } from './mod-flaws.ts';
import type { Flaw } from './mod-tokens.ts';

const HEAD = 'module example.com/m\n\ngo 1.21\n';

/** As go writes them. */
function shown(flaws: readonly Flaw[]): string[] {
  return flaws.map(
    ({ line, column, why }) => `go.mod:${column > 1 ? `${line}:${column}` : line}: ${render(why)}`,
  );
}

test('slips of the pen are told as go tells them', () => {
  const table: [string, string[]][] = [
    ['', []],
    ['requir x', ['go.mod:4: unknown directive: requir']],
    ['requre (', ['go.mod:5: syntax error (unterminated block started at 4:1)']],
    [
      'require github.com/spf13/cobra 1.10',
      ['go.mod:4: require github.com/spf13/cobra: version "1.10" invalid: must be of the form v1.2.3'],
    ],
    [
      'require a.example/b v2.0.0',
      ['go.mod:4: require a.example/b: version "v2.0.0" invalid: should be v0 or v1, not v2'],
    ],
    [
      'use ./x\nrequire a.example/b',
      ['go.mod:4: unknown directive: use', 'go.mod:5: usage: require module/path v1.2.3'],
    ],
  ];
  for (const [line, flaws] of table) assert.deepEqual(shown(goModFlaws(`${HEAD}${line}\n`)), flaws, line);
  assert.deepEqual(shown(goModFlaws('go 1.21\n')), ['go.mod:1: missing module declaration']);
  assert.deepEqual(shown(goWorkFlaws('go 1.21\nuse (\n\t./x\n\t./a b\n)\nrequire a.example/b v1.0.0\n')), [
    'go.mod:4:2: usage: use local/dir',
    'go.mod:6: unknown directive: require',
  ]);
});

// tidy: long because the pieces of random files belong beside each other
await testWith(
  ['go'],
  'a go.mod and a go.work have the mistakes that Go finds, where Go finds them',
  async (t) => {
    const go = await goOracle(t);
    const paths = [
      'a.b/c',
      '"a.b/c"',
      'a.b/c/v2',
      'gopkg.in/x.v1',
      'a.b/c/v1',
      './d',
      '..',
      'C:\\d',
      '"x\\q"',
      "'x'",
    ];
    const versions = [
      'v1.0.0',
      'v2.0.0',
      'v2.0.0+incompatible',
      '1.10',
      'master',
      'v1.0',
      '"v1.0.0"',
      '`v1`',
    ];
    const known = ['module', 'go', 'toolchain', 'godebug', 'require', 'replace', 'tool', 'ignore', 'use'];
    const path = fc.constantFrom(...paths);
    const version = fc.constantFrom(...versions);
    const verb = fc.constantFrom(...known, 'requir');
    const noise = fc.constantFrom(
      '=>',
      '(',
      ')',
      '[',
      ',',
      '// x',
      '/* x */',
      'a=b',
      '1.21',
      'go1.21.0',
      '"',
      '\u0007',
      '\ufeff',
      'ü',
    );
    const rest = fc.oneof(
      fc.tuple(path, version),
      fc.tuple(path, fc.constant('=>'), path, version),
      fc.tuple(path, version, fc.constant('=>'), path),
      fc.tuple(path),
      fc.array(fc.oneof(path, version, noise), { maxLength: 5 }),
    );
    const line = fc.tuple(verb, rest).map(([word, words]) => [word, ...words].join(' '));
    const block = fc
      .tuple(verb, fc.array(rest, { maxLength: 3 }), fc.constantFrom(')', ')', ') // end', ') x', ''))
      .map(
        ([word, lines, end]) => `${word} (\n${lines.map((words) => `\t${words.join(' ')}\n`).join('')}${end}`,
      );
    const intervals = [
      '',
      '[',
      'v1.0.0',
      'v1.0.0 x',
      '[ v1.0.0',
      '[ v1.0.0 ,',
      '[ v1.0.0 , v1.1.0',
      '[v1.0.0,v1.1.0]',
    ];
    const retract = fc.constantFrom(...intervals, '[v1.0.0, v1.1.0] x').map((words) => `retract ${words}`);
    const exclude = fc
      .tuple(path, fc.constantFrom('v1.0.0', 'v2.0.0', ''))
      .map((words) => `exclude ${words.join(' ')}`);
    const text = fc
      .array(fc.oneof(line, line, block, retract, exclude), { maxLength: 4 })
      .map((lines) => `module a.b/c\n${lines.join('\n')}`);
    const texts = fc.array(
      fc.tuple(text, fc.constantFrom('', '\n', '\r\n')).map((parts) => parts.join('')),
      {
        minLength: 50,
        maxLength: 50,
      },
    );
    const seen = { good: 0, bad: 0 };
    await fc.assert(
      fc.asyncProperty(texts, async (all) => {
        for (const [op, flawsOf] of [
          ['go.mod', goModFlaws],
          ['go.work', goWorkFlaws],
        ] as const) {
          const told = await go.ask(
            op,
            all.map((each) => [each]),
          );
          for (const [index, each] of all.entries()) {
            const answer = told[index];
            assert.ok(answer !== undefined && 'answer' in answer, JSON.stringify(answer));
            const wanted = (answer.answer as string[]).map(asOurs);
            assert.deepEqual(shown(flawsOf(each)), wanted, JSON.stringify(each));
            seen[wanted.length === 0 ? 'good' : 'bad'] += 1;
          }
        }
      }),
      fuzzBatches(20),
    );
    assert.ok(seen.good > 30 && seen.bad > 300, JSON.stringify(seen));
    t.diagnostic(`figures: ${seen.good} good files, ${seen.bad} with mistakes`);
  },
);

/** Go names the file twice, and puts two ways of using replace on two lines. */
function asOurs(line: string): string {
  return line.replace('started at go.mod:', 'started at ').replace('\n\t or ', ' or ');
}
