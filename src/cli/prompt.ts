import { createInterface } from 'node:readline';
import { RondoError } from '../errors/rondo-error.ts';
import { say } from '../words/text.ts';

/** In every language that a question may be asked in. */
const YES = ['y', 'yes', '是'];
const NO = ['n', 'no', '否'];

/**
 * Asks a question that yes or no answers; what is neither is asked again. Return alone, and the end of the
 * input, mean no. Rejects with RondoError E_INTERRUPTED on Ctrl-C.
 */
export function confirm(
  question: string,
  input: NodeJS.ReadableStream,
  output: NodeJS.WritableStream,
): Promise<boolean> {
  const reader = createInterface({ input, output, prompt: `${question} [y/N] ` });
  return new Promise((resolve, reject) => {
    reader.on('line', (line) => {
      const answer = line.trim().toLowerCase();
      if (!['', ...NO, ...YES].includes(answer)) return reader.prompt();
      resolve(YES.includes(answer));
      reader.close();
    });
    reader.once('SIGINT', () => {
      reject(new RondoError('E_INTERRUPTED', say('interrupted: nothing more was done')));
      reader.close();
    });
    reader.once('close', () => resolve(false));
    reader.prompt();
  });
}
