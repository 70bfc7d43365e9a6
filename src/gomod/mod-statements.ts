import { say } from '../words/text.ts';
import { tokensOf, type Place, type Token, type Tokens } from './mod-tokens.ts';

/** A line with its words, quotes and all. */
export type ModLine = Place & { readonly words: readonly string[] };

/** A line by itself, or a block: what stands before its bracket, and its lines. */
export type ModStatement = ModLine & { readonly block: readonly ModLine[] | undefined };

/**
 * The statements of a go.mod or go.work (modfile/read.go, parseFile): what they are is not looked at.
 * @throws ModSyntaxError where the file is no such file
 */
export function modStatements(text: string): ModStatement[] {
  const tokens = tokensOf(text);
  const statements: ModStatement[] = [];
  for (;;) {
    const { kind } = tokens.peek();
    if (kind === 'end') return statements;
    if (kind === 'newline' || kind === 'comment') tokens.take();
    else statements.push(statement(tokens));
  }
}

function statement(tokens: Tokens): ModStatement {
  const { line, column, text } = tokens.take();
  const words = [text];
  for (;;) {
    const token = tokens.take();
    if (endsLine(token)) return { line, column, words, block: undefined };
    if (token.kind !== '(') {
      words.push(token.text);
      continue;
    }
    // A bracket begins a block at the end of a line alone.
    if (endsLine(tokens.peek())) return { line, column, words, block: blockOf(tokens, { line, column }) };
    words.push(token.text);
    if (tokens.peek().kind !== ')') continue;
    const closing = tokens.take();
    if (endsLine(tokens.peek())) return { line, column, words: words.slice(0, -1), block: [] };
    words.push(closing.text);
  }
}

function blockOf(tokens: Tokens, start: Place): ModLine[] {
  const lines: ModLine[] = [];
  for (;;) {
    const { kind } = tokens.peek();
    if (kind === 'end') {
      const place = `${start.line}:${start.column}`;
      tokens.fail(say('syntax error (unterminated block started at {place})', { place }));
    } else if (kind === 'newline' || kind === 'comment') tokens.take();
    else if (kind === ')') {
      tokens.take();
      if (!endsLine(tokens.peek())) tokens.fail(say('syntax error (expected newline after closing paren)'));
      return lines;
    } else lines.push(lineOf(tokens));
  }
}

function lineOf(tokens: Tokens): ModLine {
  const { line, column, text } = tokens.take();
  const words = [text];
  for (;;) {
    const token = tokens.take();
    if (endsLine(token)) return { line, column, words };
    words.push(token.text);
  }
}

function endsLine({ kind }: Token): boolean {
  return kind === 'newline' || kind === 'end';
}
