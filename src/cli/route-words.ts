import { printable } from '../config/quote.ts';
import type { VersionFacts } from '../inquiry/facts.ts';
import { say, type Text } from '../words/text.ts';

/** Of a private module: who fetches it, and how a mirror may. Pure. */
export function privateWords({
  module,
  privateBy = '',
  isPastProxies,
}: Pick<VersionFacts, 'module' | 'privateBy' | 'isPastProxies'>): Text[] {
  if (isPastProxies !== true)
    return [
      say(
        '{module} is private by {pattern}: the chain came with this project, and its mirrors do not hear the name',
        { module, pattern: printable(privateBy) },
      ),
      say('where those mirrors may hear it: rondo config trust'),
    ];
  return [
    say('{module} is private: no mirror hears its name, and go fetches it from its repository by itself', {
      module,
    }),
    say('to let a mirror have it: match = … below [mirror "…"] in a .goproxy'),
  ];
}

/** That no mirror of the chain is for a public module. Pure. */
export function noMirrorWords(module: string): Text[] {
  return [
    say('no mirror of the chain carries {module}', { module }),
    say('give a mirror match = *, or let the chain end in direct'),
  ];
}
