import { ERROR_CODES, type ErrorCode } from '../errors/codes.ts';
import { ERROR_HELP } from '../errors/error-help.ts';
import { RondoError } from '../errors/rondo-error.ts';
import { render } from '../words/render.ts';
import { say } from '../words/text.ts';
import { exitCodeOf } from './exit-code.ts';
import { helpWidth } from './help.ts';
import type { TableStyle } from './table.ts';
import { wrapWords } from './text-width.ts';

/**
 * What is to be read of an error code, with its cause, what helps and the exit code, no wider than the terminal; undefined
 * for what is none.
 */
export function errorTopic(code: string, { width, table }: TableStyle): string | undefined {
  if (!isCode(code)) return undefined;
  const { cause, remedy } = ERROR_HELP[code];
  const exit = exitCodeOf(new RondoError(code, ''));
  const parts = [say('{code}, exit code {exit}', { code, exit }), cause, remedy];
  return `${parts.map((part) => wrapWords(render(part, table), helpWidth(width)).join('\n')).join('\n\n')}\n`;
}

function isCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERROR_CODES, code);
}
