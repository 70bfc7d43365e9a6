import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkLanguage, isProse } from './language.ts';
import { madeUp, places } from './made-up.ts';

function check(text: string, path: string = 'src/cli/a.ts'): string[] {
  return places(checkLanguage(madeUp({ [path]: text })));
}

/** Each has English for people in its first line. */
const SHOWN = [
  `context.tell('nothing was found');`,
  `tell(\`\${count} files\`);`,
  `context.words('rondo: ' + (isOne ? 'one' : 'none of them') + '\\n');`,
  `warn(why ?? 'nobody knows why');`,
  `context.data(['a list of', name].join(' '));`,
  `formatTable([{ title: 'FIRST BYTE' }], rows, style);`,
  `throw new RondoError('E_X', \`there is no \${name}\`);`,
  `throw new RondoError('E_X', say('no {name}'), { hint: 'try it again' });`,
  `throw new RondoError('E_X', say('no {name}', { name: 'such a thing' }));`,
  `const words = 'found it here';\ncontext.tell(words);`,
  `function why() { return 'found it here'; }\ncontext.tell(why());`,
  `lines.push('found it here');\ncontext.tell(lines.join());`,
  `const origin: string = \`file \${file}\`;\ncontext.tell(origin);`,
  `const of = () => [{ text: 'found it here' }];\nformatTable(of().map((each) => each), rows, style);`,
];

test('English that goes to people is found where it stands', () => {
  for (const text of SHOWN) assert.deepEqual(check(text), ['src/cli/a.ts:1'], text);
});

/** None of these has any. */
const NOT_SHOWN = [
  `context.tell(say('nothing was found'));`,
  `context.tell(many(count, 'one file here', 'more files here', {}));`,
  `context.tell(isOne === 'one of two' ? say('x') : name);`,
  `context.data(\`\${JSON.stringify({ text: 'as it was said' })}\\n\`);`,
  `context.tell(text.replace('of no use', ''));`,
  `throw new RondoError('E_X', say('no {name}', { name }), { hint: 'rondo cache ls --json' });`,
  `throw new TypeError('of a programmer alone');`,
  `const other = 'found it here';\ncontext.tell(words);`,
  `log('found it here');`,
  `log.warn({ key }, 'found it here');`,
  `context.tell(knownWords(why ?? 'found it here', SENTENCES));`,
  `context.tell(originText('file F of it'));`,
  `const origin: Origin = \`file \${file}\`;\ncontext.tell(origin);`,
];

test('what is said through the tables, code, and what nobody reads is free', () => {
  for (const text of NOT_SHOWN) assert.deepEqual(check(text), [], text);
  for (const path of ['src/cli/a.test.ts', 'test/support/a.ts'])
    assert.deepEqual(check(SHOWN[0] ?? '', path), [], path);
});

test('words in a row, or beside a slot, are prose; commands, flags, names and paths are none', () => {
  for (const text of [
    'found it',
    '{} files',
    'weight {}',
    'run it: rondo sync',
    'no go.sum in it',
    'MANY WORDS',
  ])
    assert.ok(isProse(text), text);
  for (const text of [
    'rondo cache ls',
    'rondo toolchain install 1.26.8 --os darwin',
    'go env -w GOPROXY={}',
    'mkdir -p {}',
    '{}: {}',
    '--set cache.hold=10s',
    'example.com/a b',
    'HEALTHY',
    '',
  ])
    assert.ok(!isProse(text), text);
});
