import stringWidth from 'string-width';

/** What a person sees as one character may be several code points. */
const GRAPHEMES = new Intl.Segmenter();

/** The text in at most `width` columns of a terminal, with `…` where it was cut. */
export function cutToWidth(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  let cut = '';
  let left = width - 1;
  for (const { segment: character } of GRAPHEMES.segment(text)) {
    left -= stringWidth(character);
    if (left < 0) break;
    cut += character;
  }
  return width < 1 ? '' : `${cut}…`;
}

/** The words of a text in lines of at most `width` columns; a longer word has a line of its own. */
export function wrapWords(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && stringWidth(line) + 1 + stringWidth(word) > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
