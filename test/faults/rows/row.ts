import type { Cause } from '../../../src/balance/outcome.ts';
import type { Fault, FaultScope } from '../../support/mirror-fault.ts';

/**
 * One row of the table of faults, as far as three mirrors and a client show it, whatever proxy stands between them: which
 * fault on which mirror and when, which load, what a client must see. Times are real ones; `quickened` shortens them.
 */
export type Row = {
  /** Short, in kebab-case, the same for ever: `--row NAME`, and results are kept by it. */
  readonly name: string;
  /** For people: what is wrong. */
  readonly what: string;
  readonly load: Load;
  /** What becomes of the mirrors, in the order of time. */
  readonly turns: readonly Turn[];
  readonly sees: Sees;
  /** What holds of Rondo alone. */
  readonly rondo?: RondoRow;
};

/** A change of mirrors. */
export type Turn = {
  /** After the load began; 0: before it begins. */
  readonly atMs: number;
  /** `bad`: the first of the three; `others`: the two that are good unless said; `all`: the three. */
  readonly mirrors: 'bad' | 'others' | 'all';
  /** Another fault, beside those that are there; `good`: an end to them. */
  readonly change: { readonly fault: Fault; readonly scope?: FaultScope } | 'good';
};

/** What clients ask. No file is asked for twice, unless said. */
export type Load = {
  /**
   * `steady`: an open loop, so many a second for so long; a request's time counts from when it was due. `burst`: all at
   * once.
   */
  readonly rate:
    | { readonly kind: 'steady'; readonly perSecond: number; readonly forMs: number }
    | { readonly kind: 'burst'; readonly requests: number };
  /**
   * `small`: `.mod` and `.info` in turn, of different modules; `zip`: of 64 KiB; `large-zip`: of 1 MiB; `one-zip`: all the
   * same, of 1 MiB; `list`: lists of a few modules, again and again; `absent`: files of modules that no mirror has.
   */
  readonly files: 'small' | 'info' | 'zip' | 'large-zip' | 'one-zip' | 'list' | 'absent';
};

/**
 * How every request must end. `right`: 200 and the right bytes; `not-found`: 404; `failure`: neither, with a 5xx;
 * `right-or-failure`: as `right` once the mirrors are good again, before that 5xx will do.
 */
export type Sees = 'right' | 'not-found' | 'failure' | 'right-or-failure';

/** What Rondo is told for a row and what it says after it. */
export type RondoRow = {
  /** Keys beside those of the suite, by section, e.g. `{ limits: { queue: '20' } }`. */
  readonly config?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Limits of time are what the row is about: they are divided as well. */
  readonly timed?: true;
  /** States in which the bad mirror may be when the load ends; default: any that explains itself. */
  readonly states?: readonly string[];
  /** One of these is what visits of it came to; none: nothing is held against it. */
  readonly causes?: readonly Cause[];
  /** The bad mirror is as good as the others, or is at times: it may have its share. Others are avoided. */
  readonly shares?: true;
  /** So many attempts a request at the most; default: two, and ten more. */
  readonly mostAttempts?: number;
  /** So large a part of the requests that are due within five seconds of the return ends right, at the least. */
  readonly rightOnReturn?: number;
  /** How often one attempt asks the bad mirror: a redirect to itself is followed. Default 1. */
  readonly asksEach?: number;
};

/** With divided times requests come so much more often: fewer in all, so that a busy machine can follow. */
const QUICKER = 2;

/** A row whose times are divided by `divisor`. */
export function quickened(row: Row, divisor: number): Row {
  if (divisor === 1) return row;
  const { rate } = row.load;
  const quick =
    rate.kind === 'burst'
      ? rate
      : { ...rate, perSecond: rate.perSecond * QUICKER, forMs: rate.forMs / divisor };
  return {
    ...row,
    load: { ...row.load, rate: quick },
    turns: row.turns.map(({ atMs, mirrors, change }) => ({
      atMs: atMs / divisor,
      mirrors,
      change: change === 'good' ? change : { ...change, fault: quickenedFault(change.fault, divisor) },
    })),
  };
}

function quickenedFault(fault: Fault, divisor: number): Fault {
  switch (fault.kind) {
    case 'slow':
      return { ...fault, delayMs: fault.delayMs / divisor };
    case 'paced':
      return { ...fault, overMs: fault.overMs / divisor };
    case 'drip':
      return { ...fault, bytesPerSecond: fault.bytesPerSecond * divisor };
    default:
      return fault;
  }
}
