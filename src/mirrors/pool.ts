import { RondoError } from '../errors/rondo-error.ts';
import type { RemoteFile } from '../gomod/module-file.ts';
import { matchPrefixPatterns } from '../gomod/path-patterns.ts';
import type { Mirror } from './roster.ts';

/** The mirrors that one request may use. */
export type Pool = {
  readonly mirrors: readonly Mirror[];
  /** How many hard 404s are agreement. */
  readonly quorum: number;
  /** A private route: all its mirrors, open ones too, must agree on a 404. */
  readonly unanimous: boolean;
};

/**
 * Which mirrors may be asked for `file`. Paths that GONOPROXY matches go only to mirrors whose `match`
 * names them; `*` does not name a private path.
 * @throws RondoError E_PRIVATE where no mirror may see a private path.
 */
export function poolFor(file: RemoteFile, mirrors: readonly Mirror[], privatePatterns: string): Pool {
  const module = 'module' in file ? file.module : undefined;
  if (module !== undefined && matchPrefixPatterns(privatePatterns, module)) {
    const route = mirrors.filter((mirror) => names(mirror, module));
    if (route.length > 0) return { mirrors: route, quorum: route.length, unanimous: true };
    throw new RondoError(
      'E_PRIVATE',
      `private: ${module} matches GONOPROXY, and no mirror's match names it`,
      {
        hint: 'let go fetch it directly (GOPRIVATE does), or give a mirror of yours match = PATTERN',
      },
    );
  }
  const pool = mirrors.filter(
    (mirror) => isForAll(mirror) || (module !== undefined && names(mirror, module)),
  );
  // Not every mirror serves the checksum database: only all of them together can say that it lacks something.
  const quorum = file.kind.startsWith('sumdb-') ? Infinity : 2;
  return { mirrors: pool, quorum, unanimous: false };
}

function patternsOf(mirror: Mirror): string[] {
  return mirror.spec.match.split(',').map((pattern) => pattern.trim());
}

function isForAll(mirror: Mirror): boolean {
  return patternsOf(mirror).includes('*');
}

function names(mirror: Mirror, module: string): boolean {
  const own = patternsOf(mirror).filter((pattern) => pattern !== '*' && pattern !== '');
  return matchPrefixPatterns(own.join(','), module);
}
