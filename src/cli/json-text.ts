import { render } from '../words/render.ts';
import type { Text } from '../words/text.ts';

/** A value as `--json` prints it, with a newline at the end. Words in it are English, whatever language the user speaks. */
export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, (_key, each: unknown) => (isText(each) ? render(each) : each), 2)}\n`;
}

function isText(value: unknown): value is Text {
  if (typeof value !== 'object' || value === null) return false;
  return ('sentence' in value && 'values' in value) || ('list' in value && 'between' in value);
}
