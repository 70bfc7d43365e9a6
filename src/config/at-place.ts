import { RondoError } from '../errors/rondo-error.ts';
import { say, type Text } from '../words/text.ts';

/** Runs `read`; a RondoError that it throws gets `place` (a file and line, a variable) before its message. */
export function atPlace<T>(place: Text | string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof RondoError)) throw error;
    const { message, hint: help } = error.said;
    const hint = help === undefined ? {} : { hint: help };
    throw new RondoError(error.code, say('{place}: {message}', { place, message }), {
      ...hint,
      cause: error,
    });
  }
}
