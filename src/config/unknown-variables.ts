import { listed, say, type Text } from '../words/text.ts';
import type { Environment } from './go-settings.ts';
import { environmentName } from './key.ts';
import { KEYS } from './keys.ts';
import { nearest } from './nearest.ts';

const PREFIX = environmentName('');

/** What people set who think of a flag. */
const FLAGS: ReadonlyMap<string, Text> = new Map([
  ['OFFLINE', say('the flag is --offline')],
  ['CONFIG', say('the flag is --config FILE')],
  ['PROXY', say('the mirrors are set by GOPROXY_OVERRIDE or GOPROXY')],
  ['GOPROXY', say('the mirrors are set by GOPROXY_OVERRIDE or GOPROXY')],
  ['PORT', say('it is part of {name}', { name: environmentName('server.listen') })],
  ['HOST', say('it is part of {name}', { name: environmentName('server.listen') })],
]);

/** One line each for people: a misspelt RONDO_ variable would be without effect, and nobody would know. */
export function unknownVariables(env: Environment): Text[] {
  const known = [...KEYS.keys()].filter((path) => path !== 'proxy').map(environmentName);
  const rests = known.map(restOf);
  return Object.keys(env).flatMap((name) => {
    if (!name.startsWith(PREFIX) || name === PREFIX || known.includes(name)) return [];
    const what = say('there is no variable {name}', { name });
    const words = FLAGS.get(restOf(name));
    if (words !== undefined) return [listed([what, words], '; ')];
    const meant = meantBy(restOf(name), rests);
    if (meant.length === 0) return [what];
    const names = listed(
      meant.map((rest) => PREFIX + rest),
      ' or ',
    );
    return [listed([what, say('did you mean {names}?', { names })], '; ')];
  });
}

/** The nearest name, else those of which it is the first or the last part, as LISTEN of SERVER_LISTEN. */
function meantBy(rest: string, rests: readonly string[]): readonly string[] {
  const near = nearest(rest, rests);
  if (near !== undefined) return [near];
  const longer = rests.filter((other) => other.endsWith(`_${rest}`) || other.startsWith(`${rest}_`));
  return longer.length <= 2 ? longer : [];
}

function restOf(name: string): string {
  return name.slice(PREFIX.length);
}
