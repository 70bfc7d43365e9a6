import { say } from '../words/text.ts';
import { notice } from '../events/notice.ts';
import { LRUCache } from 'lru-cache';
import type { Emit } from '../events/events.ts';
import type { Clock } from '../kit/clock.ts';
import { inTime, LATE } from '../kit/in-time.ts';
import type { Verifier } from '../verify/verifier.ts';

/**
 * What the checksum database says of a version: `exempt`, that it need not know it (private, GONOSUMDB, a `verify` that
 * does not require it); `unsure`: it cannot be asked, or takes too long.
 */
export type VersionCheck = 'known' | 'absent' | 'exempt' | 'unsure';

/** Versions that somebody says exist, looked up in the checksum database before they are told to others. */
export type VersionChecks = {
  /** Asks, shares what is asked already, and remembers. Never rejects. */
  check(module: string, version: string): Promise<VersionCheck>;
  /** Tells people, once in a while, that a version of a mirror's list is not passed on. */
  tellLeftOut(module: string, version: string, mirror: string): void;
};

/** A lookup is worth this wait; it goes on behind, and counts the next time. */
const WAIT_MS = 3000;
/** After one that took so long nobody waits for the database for a while: a cold `go list -m -u all` asks for hundreds. */
const SPARED_MS = 30_000;
/** A version that the database does not know may be minutes old. */
const ABSENT_MS = 600_000;
const MAX_REMEMBERED = 10_000;

/** Nothing is known yet. What the database knows, the verifier remembers. */
export function createVersionChecks({
  verifier,
  clock,
  emit,
  signal,
}: {
  readonly verifier: Pick<Verifier, 'expect'>;
  readonly clock: Clock;
  readonly emit: Emit;
  readonly signal: AbortSignal;
}): VersionChecks {
  const absent = new LRUCache<string, { readonly untilMs: number }>({ max: MAX_REMEMBERED });
  const told = new LRUCache<string, { readonly untilMs: number }>({ max: MAX_REMEMBERED });
  const isIn = (memory: typeof absent, key: string): boolean =>
    (memory.get(key)?.untilMs ?? -Infinity) > clock.now();
  let sparedUntilMs = -Infinity;

  const lookUp = async (module: string, version: string): Promise<VersionCheck> => {
    const { kind } = await verifier.expect(module, version, signal);
    if (kind === 'absent') absent.set(`${module}@${version}`, { untilMs: clock.now() + ABSENT_MS });
    return kind === 'unreachable' || kind === 'untrusted' ? 'unsure' : kind;
  };
  return {
    async check(module, version) {
      if (isIn(absent, `${module}@${version}`)) return 'absent';
      const lookup = lookUp(module, version).catch(() => 'unsure' as const);
      const waitMs = clock.now() < sparedUntilMs ? 0 : WAIT_MS;
      const found = await inTime(lookup, waitMs, clock);
      if (found !== LATE) return found;
      if (waitMs > 0) sparedUntilMs = clock.now() + SPARED_MS;
      return 'unsure';
    },
    tellLeftOut(module, version, mirror) {
      const key = `${module}@${version}`;
      if (isIn(told, key)) return;
      told.set(key, { untilMs: clock.now() + ABSENT_MS });
      emit(
        notice(
          'warn',
          say('{key} is left out: {mirror} alone has it, and the checksum database does not know it', {
            key,
            mirror,
          }),
        ),
      );
    },
  };
}
