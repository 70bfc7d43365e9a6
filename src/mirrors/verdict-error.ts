import type { Verdict } from '../balance/course.ts';
import type { Outcome } from '../balance/outcome.ts';
import { RondoError } from '../errors/rondo-error.ts';
import type { VisitReport } from '../events/events.ts';
import type { RemoteFile } from '../gomod/module-file.ts';
import { formatDuration } from '../kit/duration.ts';
import type { Pool } from './pool.ts';
import type { Roster } from './roster.ts';

/** What a file is called in errors: `github.com/a/b@v1.2.3`, `github.com/a/b (list)`. */
export function describeFile(file: RemoteFile): string {
  switch (file.kind) {
    case 'list':
      return `${file.module} (version list)`;
    case 'latest':
      return `${file.module}@latest`;
    case 'query':
      return `${file.module}@${file.query}`;
    case 'info':
    case 'mod':
    case 'zip':
      return `${file.module}@${file.version}`;
    case 'sumdb-lookup':
      return `${file.db}: ${file.module}@${file.version}`;
    case 'sumdb-tile':
      return `${file.db}/${file.path}`;
    case 'sumdb-latest':
      return `${file.db}/latest`;
    case 'sumdb-supported':
      return `${file.db}/supported`;
  }
}

/**
 * The error that ends a request without a 200: its code says what kind of end, its details say what each
 * mirror of the pool answered or why it was left out.
 */
export function verdictError(
  verdict: Verdict,
  {
    file,
    pool,
    roster,
    reports,
    nowMs,
  }: {
    file: RemoteFile;
    pool: Pool;
    roster: Roster;
    reports: readonly VisitReport[];
    nowMs: number;
  },
): RondoError {
  const details = pool.mirrors.map((mirror) => {
    const last = reports.findLast((report) => report.mirror === mirror.name);
    if (last !== undefined) return `${mirror.name}: ${last.words ?? last.outcome.detail}`;
    const { status, why } = roster.standing(mirror);
    return `${mirror.name}: not asked, ${status}: ${why}`;
  });
  const what = describeFile(file);
  switch (verdict) {
    case 'not-found': {
      const words = reports.find((report) => report.outcome.cause === 'not-found')?.words;
      return new RondoError(
        'E_NOT_FOUND',
        words?.replace(/^not found: /, '') ?? `${what}: no mirror has it`,
        {
          details: details.length > 1 ? details : [],
        },
      );
    }
    case 'refused': {
      const words = reports.find((report) => report.outcome.cause === 'refused')?.words;
      return new RondoError('E_REFUSED', words ?? `${what}: refused by every mirror`, { details });
    }
    case 'failed': {
      const outcomes = reports.map((report) => report.outcome);
      const count = pool.mirrors.length;
      const whom = count === 1 ? 'the only mirror' : `all ${count} mirrors`;
      return outcomes.length > 0 && outcomes.every(isTimeOut)
        ? new RondoError('E_MIRROR_TIMEOUT', `${whom} timed out for ${what}`, { details, hint: MIRRORS_HINT })
        : new RondoError('E_NO_MIRROR', `${whom} failed for ${what}`, { details, hint: MIRRORS_HINT });
    }
    case 'nobody': {
      const waits = pool.mirrors.flatMap((mirror) => roster.standing(mirror).untilMs ?? []);
      const retryAfterMs = Math.max(1000, Math.min(...waits.map((untilMs) => untilMs - nowMs), 30_000));
      return new RondoError('E_NO_ELIGIBLE_MIRROR', `no mirror may be asked right now for ${what}`, {
        details,
        retryAfterMs,
        hint: `try again in ${formatDuration(Math.ceil(retryAfterMs / 1000) * 1000)}`,
      });
    }
  }
}

const MIRRORS_HINT = 'rondo mirrors shows how the mirrors stand';

const TIME_OUTS: ReadonlySet<Outcome['cause']> = new Set([
  'connect-timeout',
  'tls-timeout',
  'header-timeout',
  'slow-header',
  'body-idle',
  'body-slow',
]);

function isTimeOut(outcome: Outcome): boolean {
  return TIME_OUTS.has(outcome.cause);
}
