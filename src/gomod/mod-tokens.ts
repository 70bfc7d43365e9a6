import { say, type Text } from '../words/text.ts';

/** Where something stands in a file: lines and characters of a line, counted from 1. */
export type Place = { readonly line: number; readonly column: number };

/** What go would not read, where, and in go's words. */
export type Flaw = Place & { readonly why: Text };

/** A piece of a go.mod. A comment behind something ends its line; `end` is the end of the file. */
export type Token = Place & {
  readonly kind: 'word' | '(' | ')' | 'newline' | 'comment' | 'end';
  readonly text: string;
};

/** Thrown at the first thing that is no go.mod at all. */
export class ModSyntaxError extends Error {
  readonly flaw: Flaw;

  constructor(flaw: Flaw) {
    super('no go.mod');
    this.flaw = flaw;
  }
}

/** What is left of a file: the next token, and how far the file has been read for it. */
export type Tokens = {
  readonly peek: () => Token;
  readonly take: () => Token;
  /** @throws ModSyntaxError at the place that was read last, which is behind the token that `peek` shows */
  readonly fail: (why: Text) => never;
};

const PUNCTUATION = '()[]{},';
const PRINTED = /[\p{L}\p{M}\p{N}\p{P}\p{S}]/u;

/**
 * Takes a go.mod or go.work apart as modfile's lexer does (modfile/read.go, readToken), a token ahead.
 * @throws ModSyntaxError where that gives up
 */
// tidy: long because all that reads moves one place in one text
export function tokensOf(text: string): Tokens {
  const at = { index: 0, line: 1, column: 1 };
  const next = (): string => {
    const code = text.codePointAt(at.index);
    return code === undefined ? '' : String.fromCodePoint(code);
  };
  const read = (): string => {
    const character = next();
    at.index += character.length;
    if (character === '\n') Object.assign(at, { line: at.line + 1, column: 1 });
    else at.column += 1;
    return character;
  };
  const fail = (why: Text, { line, column }: Place = at): never => {
    throw new ModSyntaxError({ line, column, why });
  };
  const begins = (prefix: string): boolean => text.startsWith(prefix, at.index);
  const noBlockComment = (): void => {
    if (begins('/*')) fail(say('mod files must use // comments (not /* */ comments)'));
  };
  const comment = (start: Place): Token => {
    const lineStart = text.lastIndexOf('\n', at.index - 1) + 1;
    // What begins with it is a comment of its own: the line ends nothing.
    const isAlone = at.index === 0 || text.slice(lineStart, at.index).trim() === '';
    while (at.index < text.length && read() !== '\n');
    return { ...start, kind: isAlone ? 'comment' : 'newline', text: '' };
  };
  const string = (start: Place): void => {
    const quote = read();
    for (;;) {
      if (next() === '') fail(say('unexpected EOF in string'), start);
      if (next() === '\n') fail(say('unexpected newline in string'));
      const character = read();
      if (character === quote) return;
      if (character !== '\\' || quote === '`') continue;
      if (next() === '') fail(say('unexpected EOF in string'), start);
      read();
    }
  };
  const word = (): void => {
    if (!isWordCharacter(next()))
      fail(say('unexpected input character {character}', { character: shown(next()) }));
    while (isWordCharacter(next()) && !begins('//')) {
      noBlockComment();
      read();
    }
  };
  const token = (): Token => {
    while (next() !== '' && ' \t\r'.includes(next())) read();
    const start = { line: at.line, column: at.column };
    if (begins('//')) return comment(start);
    noBlockComment();
    const first = next();
    if (first === '') return { ...start, kind: 'end', text: '' };
    const { index } = at;
    if (first === '\n' || PUNCTUATION.includes(first)) read();
    else if (first === '"' || first === '`') string(start);
    else word();
    const kind = first === '\n' ? 'newline' : first === '(' || first === ')' ? first : 'word';
    return { ...start, kind, text: text.slice(index, at.index) };
  };
  let ahead = token();
  return {
    peek: () => ahead,
    take() {
      const taken = ahead;
      ahead = token();
      return taken;
    },
    fail: (why) => fail(why),
  };
}

function isWordCharacter(character: string): boolean {
  return character !== '' && !PUNCTUATION.includes(character) && PRINTED.test(character);
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\u0007': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\v': '\\v',
};

/** As Go quotes a character that cannot be seen. */
function shown(character: string): string {
  const escape = ESCAPES[character];
  if (escape !== undefined) return `'${escape}'`;
  const code = character.codePointAt(0) ?? 0;
  const hex = code.toString(16);
  return code < 0x80 ? `'\\x${hex.padStart(2, '0')}'` : `'\\u${hex.padStart(4, '0')}'`;
}
