import { RondoError } from '../errors/rondo-error.ts';
import { say } from '../words/text.ts';

/** Runs `read`; a RondoError that it throws gets `place` (a file and line, a variable) before its message. */
export function atPlace<T>(place: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof RondoError)) throw error;
    const hint = error.hint === undefined ? {} : { hint: error.hint };
    throw new RondoError(error.code, say('{place}: {message}', { place, message: error.said.message }), {
      ...hint,
      cause: error,
    });
  }
}
