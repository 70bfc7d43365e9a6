import { render } from '../words/render.ts';
import type { Text } from '../words/text.ts';

/**
 * A value as `--json` prints it, with a newline at the end. Words in it are English, whatever language the user speaks.
 * Some of it was said by mirrors, and terminals obey more than JSON escapes: that is escaped, too.
 */
export function jsonText(value: unknown): string {
  return `${escaped(JSON.stringify(value, plain, 2))}\n`;
}

/** The same in one line. */
export function jsonLine(value: unknown): string {
  return `${escaped(JSON.stringify(value, plain))}\n`;
}

function plain(_key: string, value: unknown): unknown {
  return isText(value) ? render(value) : value;
}

/** Control characters above those of ASCII, and what orders, joins or hides text: in JSON they stand in strings alone. */
function escaped(json: string): string {
  return json.replaceAll(/[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]/gu, (character) =>
    character
      .split('')
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  );
}

function isText(value: unknown): value is Text {
  if (typeof value !== 'object' || value === null) return false;
  return ('sentence' in value && 'values' in value) || ('list' in value && 'between' in value);
}
