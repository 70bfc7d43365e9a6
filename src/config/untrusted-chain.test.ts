import { english } from '../../test/support/english.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  chainFailure,
  fileChain as file,
  NO_CHAIN_INPUT as NOTHING,
  showChain as show,
} from '../../test/support/chain-input.ts';
import { resolveChain, type ChainInput } from './resolve-chain.ts';

test('of an untrusted list every mirror is told, in few enough words to be read', () => {
  const untrusted = (text: string): Partial<ChainInput> => ({ files: [file(text, false)] });
  const padded = `https://a.example/${'x'.repeat(150)},https://evil.example`;
  const { warnings } = resolveChain({ ...NOTHING, ...untrusted(padded) });
  assert.match(
    english(warnings)[0] ?? '',
    /used: https:\/\/a\.example\/x{150}, https:\/\/evil\.example \(file \/f:3\)$/,
  );
  assert.ok((english(warnings)[0] ?? '').length < 400);
  const error = chainFailure(untrusted(`https://a.example/${'x'.repeat(400)},https://evil.example`));
  assert.equal(error.code, 'E_CONFIG');
  assert.match(error.message, /^file \/f:3: proxy cannot be used: .* too long to be shown whole$/);
  assert.match(error.hint ?? '', /^if you trust it: rondo config trust; /);
});

test('direct after an untrusted list is the user’s to give', () => {
  const table: [string, Partial<ChainInput>, string][] = [
    ['https://p.example|direct', { goUser: 'https://u.example,direct' }, 'p.example,direct'],
    ['https://p.example,direct', { goUser: 'https://u.example|direct' }, 'p.example|direct'],
    ['https://p.example,direct', { goUser: 'direct' }, 'p.example,direct'],
    ['https://p.example,direct', { goUser: 'https://u.example,off' }, 'p.example,off'],
    ['https://p.example|direct', { goUser: 'off' }, 'p.example,off'],
    ['https://p.example,direct', { goUser: 'https://u.example' }, 'p.example'],
    ['https://p.example,direct', { goUser: 'nonsense' }, 'p.example'],
    ['https://p.example', { goUser: 'https://u.example,direct' }, 'p.example'],
    ['https://p.example,off', { goUser: 'https://u.example,direct' }, 'p.example,off'],
    ['https://p.example,direct', { goroot: 'https://default.golang.org,direct' }, 'p.example,direct'],
  ];
  for (const [text, input, expected] of table) {
    const { chain, warnings } = resolveChain({ ...NOTHING, ...input, files: [file(text, false)] });
    assert.equal(show(chain), expected, text);
    const dropped = text.endsWith('direct') && chain.end !== 'direct';
    assert.equal(
      (english(warnings)[0] ?? '').includes("not its direct, which is not the user's"),
      dropped,
      text,
    );
  }
  const own = [file('https://p.example,direct', false), file('https://mine.example,off')];
  assert.equal(show(resolveChain({ ...NOTHING, files: own }).chain), 'p.example,off');
});
