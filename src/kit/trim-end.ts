/** `text` without any of `character` at its end. Not by a pattern, which takes quadratic time for hostile texts. */
export function trimEndOf(text: string, character: string): string {
  let end = text.length;
  while (end > 0 && text[end - 1] === character) end -= 1;
  return text.slice(0, end);
}
