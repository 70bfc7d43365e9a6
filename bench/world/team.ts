import type { Random } from '../../src/kit/random.ts';
import type { Cleanup } from '../../test/support/temp-folder.ts';
import { poissonArrivals } from './arrivals.ts';
import { startChild } from './child-program.ts';

/** One `go mod download` of a developer. */
export type Build = {
  /** Whether the copy has everything. */
  readonly state: 'warm' | 'cold';
  /** After the team began. */
  readonly startMs: number;
  /** Of every module version that it needs: `/PATH/@v/VERSION`, without a suffix. */
  readonly stems: readonly string[];
};

/** Developers of one proxy. */
export type Team = { readonly baseUrl: string; readonly builds: readonly Build[] };

/** One answer to a developer. */
export type TeamAnswer = {
  readonly state: Build['state'];
  readonly kind: 'mod' | 'info' | 'zip';
  /** When it was asked for, after the team began. */
  readonly atMs: number;
  /** From then to its last byte. */
  readonly tookMs: number;
  /** What was wrong with it; absent for 200 and whole. */
  readonly trouble?: string;
};

/** Paths that are asked for so many at a time; the next step begins when all are there. */
export type Step = { readonly paths: readonly string[]; readonly atATime: number };

/** As many as go has in flight on a machine of 8 cores (GOMAXPROCS, in cmd/go's modload and modcmd/download.go). */
const AT_A_TIME = 8;

/** What `go mod download` asks for: all .mod files, then the .info files one at a time, then the zips. Pure. */
export function stepsOf(stems: readonly string[]): Step[] {
  const all = (suffix: string): string[] => stems.map((stem) => `${stem}.${suffix}`);
  return [
    { paths: all('mod'), atATime: AT_A_TIME },
    { paths: all('info'), atATime: 1 },
    { paths: all('zip'), atATime: AT_A_TIME },
  ];
}

/** When a team of `developers` builds who each do it every `everyMs` on average, within `durationMs`: by chance. */
export function warmBuilds(
  { developers, everyMs, durationMs }: { developers: number; everyMs: number; durationMs: number },
  stems: readonly string[],
  random: Random,
): Build[] {
  const perSecond = (developers * 1000) / everyMs;
  return [...poissonArrivals(perSecond, durationMs, random)].map((startMs) => ({
    state: 'warm',
    startMs,
    stems,
  }));
}

/** Lets a team build out of a process of its own, until the last build has ended. */
export async function runTeam(team: Team, cleanup: Cleanup): Promise<readonly TeamAnswer[]> {
  const program = new URL('./team-child.ts', import.meta.url);
  const child = startChild<Team, readonly TeamAnswer[]>(program, cleanup);
  try {
    return await child.call(team);
  } finally {
    await child.stop();
  }
}
