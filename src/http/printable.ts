/**
 * Characters that may stand in an error body. The go command drops a body with one character that is not
 * unicode.IsGraphic in *its* Unicode version, so this is a list of old, fully assigned blocks and not a
 * \p class of ours: Latin, Greek, Cyrillic, general punctuation without the invisible and bidirectional
 * ones, kana, Hangul, Han, full-width forms.
 */
const UNPRINTABLE =
  /[^\u0020-\u007E\u00A1-\u00AC\u00AE-\u0377\u03A3-\u052F\u2010-\u2027\u2030-\u205E\u3001-\u303F\u3041-\u3096\u30A1-\u30FA\u30FC\u4E00-\u9FA5\uAC00-\uD7A3\uFF01-\uFF5E]/gu;

/**
 * `text` on one line in characters that every terminal and every go command prints; anything else becomes
 * `?`. Safe for hostile text of any length up to what the caller has bounded.
 */
export function printable(text: string): string {
  return text.replace(/\s+/gu, ' ').trim().replace(UNPRINTABLE, '?');
}

/** Columns that `text` (printable) takes on a terminal: Han, kana, Hangul and full-width forms take two. */
export function columnsOf(text: string): number {
  let columns = 0;
  for (const character of text) columns += character >= '\u1100' && character > '\u205E' ? 2 : 1;
  return columns;
}

/** The longest beginning of `text` that fits in `columns`; at least one character, so that loops end. */
function headOf(text: string, columns: number): string {
  let used = 0;
  let end = 0;
  for (const character of text) {
    used += columnsOf(character);
    if (used > columns && end > 0) break;
    end += character.length;
  }
  return text.slice(0, end);
}

/** `text` in one line of at most `columns`, ending in `...` where something had to go. */
export function cut(text: string, columns: number): string {
  return columnsOf(text) <= columns ? text : `${headOf(text, columns - 3).trimEnd()}...`;
}

/**
 * `text` in lines of at most `columns`, broken at spaces where possible, at most `maxLines` of them; the
 * last ends in `...` where something had to go. Lines after the first are indented by two spaces.
 */
export function wrap(text: string, columns: number, maxLines: number): string[] {
  const lines: string[] = [];
  let rest = text;
  while (rest !== '') {
    const indent = lines.length === 0 ? '' : '  ';
    const room = columns - indent.length;
    if (lines.length === maxLines - 1 || columnsOf(rest) <= room) {
      lines.push(indent + cut(rest, room));
      break;
    }
    const head = headOf(rest, room + 1);
    const space = head.lastIndexOf(' ');
    const end = space > 0 ? space : headOf(rest, room).length;
    lines.push(indent + rest.slice(0, end));
    rest = rest.slice(end).trimStart();
  }
  return lines;
}

/** Text as a header may hold it: names of mirrors and what they said may be in any script, which a header may not. */
export function headerText(text: string): string {
  return text.replace(/[^\u0020-\u007E]/g, '?');
}
