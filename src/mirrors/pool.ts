import { createHash } from 'node:crypto';
import { RondoError } from '../errors/rondo-error.ts';
import type { RemoteFile } from '../gomod/module-file.ts';
import type { Mirror } from './mirror.ts';
import { isForAll, routeOf } from './route.ts';
import type { Roster } from './roster.ts';
import { say } from '../words/text.ts';

/** The mirrors that one request may use. */
export type Pool = {
  readonly mirrors: readonly Mirror[];
  /** All its mirrors, open ones too, must agree on a 404: a private route, and the checksum database. */
  readonly unanimous: boolean;
};

/**
 * Which mirrors may be asked for `file` (route.ts).
 * @throws RondoError E_PRIVATE where no mirror may see a private path, E_NOT_FOUND where none is for it.
 */
export function poolFor(file: RemoteFile, mirrors: readonly Mirror[], privatePatterns: string): Pool {
  const module = 'module' in file ? file.module : undefined;
  const { privateBy, mirrors: pool } =
    module === undefined
      ? { privateBy: undefined, mirrors: mirrors.filter(({ spec }) => isForAll(spec.match)) }
      : routeOf(module, mirrors, ({ spec }) => spec.match, privatePatterns);
  if (module !== undefined && privateBy !== undefined) {
    if (pool.length > 0) return { mirrors: pool, unanimous: true };
    throw new RondoError(
      'E_PRIVATE',
      say("private: {module} matches GONOPROXY, and no mirror's match names it", { module }),
      {
        hint: say('let go fetch it directly (GOPRIVATE does), or give a mirror of yours match = PATTERN'),
      },
    );
  }
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
