import { createHash } from 'node:crypto';
import { RondoError } from '../errors/rondo-error.ts';
import type { RemoteFile } from '../gomod/module-file.ts';
import { matchPrefixPatterns } from '../gomod/path-patterns.ts';
import type { Mirror } from './mirror.ts';
import type { Roster } from './roster.ts';
import { say } from '../words/text.ts';

/** The mirrors that one request may use. */
export type Pool = {
  readonly mirrors: readonly Mirror[];
  /** All its mirrors, open ones too, must agree on a 404: a private route, and the checksum database. */
  readonly unanimous: boolean;
};

/**
 * Which mirrors may be asked for `file`. Paths that GONOPROXY matches go only to mirrors whose `match`
 * names them; `*` does not name a private path.
 * @throws RondoError E_PRIVATE where no mirror may see a private path, E_NOT_FOUND where none is for it.
 */
export function poolFor(file: RemoteFile, mirrors: readonly Mirror[], privatePatterns: string): Pool {
  const module = 'module' in file ? file.module : undefined;
  if (module !== undefined && matchPrefixPatterns(privatePatterns, module)) {
    const route = mirrors.filter((mirror) => names(mirror, module));
    if (route.length > 0) return { mirrors: route, unanimous: true };
    throw new RondoError(
      'E_PRIVATE',
      say("private: {module} matches GONOPROXY, and no mirror's match names it", { module }),
      {
        hint: say('let go fetch it directly (GOPRIVATE does), or give a mirror of yours match = PATTERN'),
      },
    );
  }
  const pool = mirrors.filter(
    (mirror) => isForAll(mirror) || (module !== undefined && names(mirror, module)),
  );
  if (pool.length === 0) {
    throw new RondoError(
      'E_NOT_FOUND',
      module === undefined
        ? say('no mirror of the chain carries the checksum database')
        : say('no mirror of the chain carries {module}', { module }),
      {
        hint: say('give a mirror match = *, or let the chain end in direct'),
      },
    );
  }
  // Not every mirror serves the checksum database: only all of them together, those that are down too, can
  // say that it lacks something.
  return { mirrors: pool, unanimous: file.kind.startsWith('sumdb-') };
}

/**
 * Tells one set of mirrors from another, whatever they are called and in whichever order they stand: what one set has
 * said holds for no other. A mirror says other things to who has logged in.
 */
export function poolId({ mirrors }: Pick<Pool, 'mirrors'>): string {
  const who = mirrors.map(({ spec: { endpoint } }) => {
    const login = endpoint.authorization === undefined ? 'anybody' : 'login';
    return `${endpoint.url.href} ${login}`;
  });
  return createHash('sha256').update(who.toSorted().join('\n')).digest('hex').slice(0, 16);
}

/** When the open time of the first of its mirrors ends, which may be just what a request waits for; Infinity: never. */
export function nextGateMs({ mirrors }: Pool, roster: Roster): number {
  const untils = mirrors.flatMap((mirror) => roster.standing(mirror).untilMs ?? []);
  return Math.min(...untils, Infinity);
}

function patternsOf(mirror: Mirror): string[] {
  return mirror.spec.match.split(',').map((pattern) => pattern.trim());
}

/** Whether it serves every public module. */
export function isForAll(mirror: Mirror): boolean {
  return patternsOf(mirror).includes('*');
}

function names(mirror: Mirror, module: string): boolean {
  const own = patternsOf(mirror).filter((pattern) => pattern !== '*' && pattern !== '');
  return matchPrefixPatterns(own.join(','), module);
}
