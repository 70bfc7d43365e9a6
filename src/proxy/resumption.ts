import type { Outcome } from '../balance/outcome.ts';
import type { Found } from '../mirrors/answer.ts';
import type { ResumePoint } from '../mirrors/resume-point.ts';
import type { TransferEnd } from './transfer.ts';

/** Whoever stalls, drips or does not end is not asked first again; whoever cuts a connection may be well. */
const SLOW_OR_ENDLESS: ReadonlySet<Outcome['cause']> = new Set(['body-idle', 'body-slow', 'bad-content']);

/**
 * What a flight remembers of the transfers of one zip, so that the next one need not begin at the beginning
 * (docs/design/adr/0014). What the spool has may then be of several mirrors, whose zips may differ in bytes
 * although both are right: such a join is only supposed, until the hash of the whole proves it.
 */
export class Resumption {
  readonly #maxInARow: number;
  readonly #breaks = new Map<string, number>();
  #point: ResumePoint | undefined;
  #joined = false;
  #mayJoin = true;

  /** `maxInARow`: how often one mirror is asked for the rest before all others. */
  constructor(maxInARow: number) {
    this.#maxInARow = maxInARow;
  }

  /** What the next mirror may be asked to continue. */
  get point(): ResumePoint | undefined {
    return this.#point;
  }

  /** Whether what the spool has is of several mirrors, none of which vouched for all of it. */
  get joined(): boolean {
    return this.#joined;
  }

  /** Takes note of how a transfer into the spool ended. */
  ended(found: Found, end: TransferEnd): void {
    const breaks = this.#breaks.get(found.mirror) ?? 0;
    if (end.kind === 'broken') this.#breaks.set(found.mirror, breaks + 1);
    if (end.kind === 'broken' && this.#point !== undefined && isBehind(end, this.#point)) {
      this.#point = { ...this.#point, first: 'no' };
      return;
    }
    this.#joined = found.startBytes > 0 && (this.#joined || !found.vouched);
    this.#point = end.kind === 'broken' ? this.#pointAfter(found, end, breaks) : undefined;
  }

  /** The join was wrong: from now on a mirror is only asked to continue what it vouches for itself. */
  unjoin(): void {
    this.#mayJoin = false;
    this.#joined = false;
    this.#point = undefined;
  }

  #pointAfter(found: Found, end: TransferEnd & { kind: 'broken' }, breaks: number): ResumePoint | undefined {
    const { mirror, validator, contentLength } = found;
    if (end.position === 0 || end.outcome.cause === 'bad-content') return undefined;
    const cut = end.bytes > 0 && !SLOW_OR_ENDLESS.has(end.outcome.cause) && breaks < this.#maxInARow;
    const totalBytes = this.#mayJoin ? contentLength : undefined;
    const known = validator !== undefined || totalBytes !== undefined;
    return {
      mirror,
      bytes: end.position,
      first: !cut || !known ? 'no' : sendsParts(found) ? 'yes' : 'alone',
      ...(validator === undefined ? {} : { validator }),
      ...(totalBytes === undefined ? {} : { totalBytes }),
    };
  }
}

/** Whoever has never said so might send all of it again (RFC 9110, section 14.3). */
function sendsParts({ startBytes, headers }: Found): boolean {
  return startBytes > 0 || /^\s*bytes\s*$/i.test(headers['accept-ranges'] ?? '');
}

/**
 * A transfer that brought no more than is here from before, and nothing else, says nothing new. The length alone does not
 * tell: what is as long may be another file, for which the mirror of before must not vouch.
 */
function isBehind(end: TransferEnd, point: ResumePoint): boolean {
  return !end.differed && end.position <= point.bytes;
}
