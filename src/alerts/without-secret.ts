/** A shorter piece of a path is no secret, and could be in any word. */
const SHORTEST = 4;
/** So much of it in a row is hidden, whatever is around it. */
const RUN = 8;

/**
 * A text that somebody else wrote, with *** for what it repeats of the path and the query of `url`: chat services put a
 * token there, and many a server names the path that it does not know. Hidden is each run of 8 characters, as it was sent
 * and decoded, in upper or lower case, and each shorter piece between slashes that has at least 4. Pure.
 */
export function withoutSecret(text: string, url: URL): string {
  const needles = needlesOf(url);
  const lower = lowerCase(text);
  const hidden = new Set<number>();
  for (let at = 0; at < text.length; at += 1) {
    for (let length = SHORTEST; length <= RUN; length += 1) {
      if (!needles.has(lower.slice(at, at + length))) continue;
      for (let index = at; index < at + length; index += 1) hidden.add(index);
    }
  }
  const shown = (index: number): string => {
    if (!hidden.has(index)) return text.charAt(index);
    return hidden.has(index - 1) ? '' : '***';
  };
  return Array.from({ length: text.length }, (_, index) => shown(index)).join('');
}

function needlesOf({ pathname, search }: URL): ReadonlySet<string> {
  const sent = lowerCase(pathname + search);
  const needles = new Set<string>();
  for (const form of [sent, lowerCase(decoded(pathname + search))]) {
    for (let at = 0; at + RUN <= form.length; at += 1) needles.add(form.slice(at, at + RUN));
    for (const piece of form.split(/[/?&=]/))
      if (piece.length >= SHORTEST && piece.length < RUN) needles.add(piece);
  }
  return needles;
}

/** Of the same length, which that of all letters is not. */
function lowerCase(text: string): string {
  return text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
