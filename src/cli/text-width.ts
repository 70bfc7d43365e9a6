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

/** A Chinese character is a word by itself, with the punctuation that may not stand apart from it. */
const UNITS =
  /[（“‘「《【]*(?:\p{Script=Han}|[^\s\p{Script=Han}（“‘「《【，。；：！？、）”’」》】…]+|[，。；：！？、…])?[，。；：！？、）”’」》】…]*/gu;

/**
 * The words of a text in lines of at most `width` columns; a longer word has a line of its own. Chinese, which has no
 * spaces, is broken between its characters, but no line begins with a comma or ends with an opening bracket.
 */
export function wrapWords(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const units = word.match(UNITS)?.filter((unit) => unit !== '') ?? [];
    for (const [index, unit] of units.entries()) {
      const gap = index === 0 && line !== '' ? ' ' : '';
      if (line !== '' && stringWidth(line) + gap.length + stringWidth(unit) > width) {
        lines.push(line);
        line = unit;
      } else line += gap + unit;
    }
  }
  return [...lines, line];
}

/** Where a word may be broken that is too long: paths and URLs behind these. */
const BEHIND = /(?<=[/,|;=&?@])/;

/** The same, with no line that is wider: a word that does not fit is broken, behind a slash or comma if there is one. */
export function wrapWithin(text: string, width: number): string[] {
  if (stringWidth(text) <= width) return [text];
  return wrapWords(text, width).flatMap((line) =>
    stringWidth(line) <= width ? [line] : broken(line, width),
  );
}

function broken(word: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  const add = (part: string): void => {
    if (line !== '' && stringWidth(line) + stringWidth(part) > width) {
      lines.push(line);
      line = part;
    } else line += part;
  };
  for (const part of word.split(BEHIND)) {
    if (stringWidth(part) <= width) add(part);
    else for (const { segment } of GRAPHEMES.segment(part)) add(segment);
  }
  return [...lines, line];
}
