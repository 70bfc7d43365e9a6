import { render } from '../words/render.ts';
import { say, type Text } from '../words/text.ts';
import type { CliContext } from './context.ts';
import { shownLine } from './shown-line.ts';

/** A line on stdout, in the language of the user; nothing in it moves a cursor. */
export function dataLine(text: Text | string, { data, table }: Pick<CliContext, 'data' | 'table'>): void {
  data(shownLine(render(text, table)));
}

/** `MISSING  example.com/m@v1.0.0 .zip: why`. The first word is the same in every language: scripts look for it. */
export function stateLine(state: string, what: Text | string, why: Text | string): Text {
  return say('{state}  {what}: {why}', { state: state.toUpperCase(), what, why });
}
