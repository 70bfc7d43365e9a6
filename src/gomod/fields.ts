/** unicode.IsSpace: unlike `\s` with U+0085 and without U+FEFF. */
const SPACES = /[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/;

/** The words of a text between white space, as Go's strings.Fields has them. */
export function fieldsOf(text: string): string[] {
  const fields = text.split(SPACES);
  // Only the ends can be empty.
  if (fields[0] === '') fields.shift();
  if (fields.at(-1) === '') fields.pop();
  return fields;
}
