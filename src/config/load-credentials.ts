import { open } from 'node:fs/promises';
import { messageOf, RondoError } from '../errors/rondo-error.ts';
import { readSecret, type Credentials } from './credentials.ts';
import type { Environment } from './go-settings.ts';
import { MIRROR, type MirrorValues } from './keys.ts';
import { say } from '../words/text.ts';

const MAX_BYTES = 64 * 1024;

/**
 * The credentials that a [mirror "name"] section names, undefined if it names none. What is wrong with them is
 * given back and not thrown: it is no error before the chain has such a mirror. `place` is file and section.
 */
export async function loadCredentials(
  values: MirrorValues,
  env: Environment,
  place: string,
): Promise<Credentials | RondoError | undefined> {
  const keys = [MIRROR.loginEnv, MIRROR.loginFile, MIRROR.tokenEnv, MIRROR.tokenFile];
  const texts = [values.loginEnv, values.loginFile, values.tokenEnv, values.tokenFile];
  const given = keys.flatMap(({ name }, index) => {
    const text = texts[index];
    return text === undefined ? [] : [{ name, text }];
  });
  const [first, second] = given;
  if (first === undefined) return undefined;
  if (second !== undefined) {
    return new RondoError(
      'E_CONFIG',
      say('{place} has both {name} and {name2}', { place, name: first.name, name2: second.name }),
      {
        hint: say('keep one of them'),
      },
    );
  }
  const key = `${place} ${first.name}`;
  const kind = first.name.startsWith('login') ? 'login' : 'token';
  try {
    if (first.name.endsWith('_env')) {
      const secret = env[first.text];
      if (!secret) {
        throw new RondoError(
          'E_CONFIG',
          say('{key}: the variable {text} is not set', { key, text: first.text }),
          {
            hint: say('export {text}=…', { text: first.text }),
          },
        );
      }
      return readSecret(kind, secret, `environment ${first.text}`, key);
    }
    return readSecret(kind, await readSmallFile(first.text), `file ${first.text}`, key);
  } catch (error) {
    if (error instanceof RondoError) return error;
    return new RondoError(
      'E_CONFIG',
      say('{key}: cannot read {text}: {why}', { key, text: first.text, why: messageOf(error) }),
      {
        cause: error,
      },
    );
  }
}

/** The text of a file that holds a secret; rejects for one that is larger than 64 KiB. */
export async function readSmallFile(path: string): Promise<string> {
  const handle = await open(path, 'r');
  try {
    if ((await handle.stat()).size > MAX_BYTES) throw new Error('it is larger than 64 KiB');
    return await handle.readFile('utf8');
  } finally {
    await handle.close();
  }
}
