import { ERROR_CODES, type ErrorCode, type ErrorKind } from '../errors/codes.ts';
import { ERROR_HELP } from '../errors/error-help.ts';
import { RondoError } from '../errors/rondo-error.ts';
import { render } from '../words/render.ts';
import { exitCodeOf } from './exit-code.ts';

const HEAD = `# Errors

Every error has a code that does not change. A command prints it in brackets behind the message, and as the last line what
helps there and then. \`rondo help CODE\` prints what stands here. The exit code is that of a command; \`exec\` ends with
that of its own command instead. This page is written by \`scripts/errors-page.ts\`.

`;

/** Kinds by what a user has to do with them, and not by their names. */
const TITLES: { readonly [kind in ErrorKind]: string } = {
  usage: 'The command line and the configuration',
  'not-found': 'It is not there',
  refused: 'Mirrors refuse',
  loop: 'Mirrors lead in a circle',
  upstream: 'Mirrors fail',
  timeout: 'Mirrors are slow',
  unavailable: 'Not right now',
  integrity: 'The content is not right',
  storage: 'The disk',
  interrupted: 'Interrupted',
  bug: 'Rondo itself',
};

/** docs/reference/errors.md: every code with its cause, its remedy and the exit code of a command. Pure. */
export function errorsPage(): string {
  const codes = Object.keys(ERROR_CODES) as ErrorCode[];
  const sections = (Object.keys(TITLES) as ErrorKind[]).map((kind) => {
    const ofKind = codes.filter((code) => ERROR_CODES[code] === kind);
    const exit = exitCodeOf(new RondoError(ofKind[0] ?? 'E_BUG', ''));
    const entries = ofKind.map((code) => {
      const { cause, remedy } = ERROR_HELP[code];
      return `### ${code}\n\n${render(cause)}\n\n${render(remedy)}\n`;
    });
    return `## ${TITLES[kind]}\n\nExit code ${exit}.\n\n${entries.join('\n')}`;
  });
  return `${HEAD}${sections.join('\n')}`;
}
