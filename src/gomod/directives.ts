/** What is read of a file: it may have 16 MiB, and the thread that reads it serves everybody. */
const MAX_LINES = 20_000;
const MAX_LINE_LENGTH = 1000;

/**
 * The directives of a go.mod or go.work, each with its first words: those in a block as if each stood alone. What
 * cannot be read is passed over; lines after the first 20,000, and those of more than 1000 characters, are not read.
 * Never throws. No judgement on the file, which may be anybody's.
 */
export function* directivesOf(text: string, maxWords: number): Generator<readonly string[]> {
  let block: string | undefined;
  for (const line of firstLines(text)) {
    const words = wordsOf(line, maxWords);
    if (words.length === 0) continue;
    if (block !== undefined && words[0] === ')') {
      block = undefined;
      continue;
    }
    if (block === undefined && words[1] === '(') {
      block = words[0];
      continue;
    }
    yield block === undefined ? words : [block, ...words];
  }
}

/** Those that are no longer than any real one. */
function* firstLines(text: string): Generator<string> {
  let count = 0;
  for (let start = 0; start < text.length && count < MAX_LINES; count += 1) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    if (end - start <= MAX_LINE_LENGTH) yield text.slice(start, end);
    start = end + 1;
  }
}

/** The first words of a line without its comment; quotes are taken off. */
function wordsOf(line: string, maxWords: number): string[] {
  const [code = ''] = line.split('//', 1);
  const words: string[] = [];
  for (const [word] of code.matchAll(/"[^"]*"|`[^`]*`|[()]|[^\s()]+/g)) {
    if (words.push(word.replace(/^["`]|["`]$/g, '')) === maxWords) break;
  }
  return words;
}
