import * as z from 'zod';
import { printable } from '../config/quote.ts';
import type { MirrorView } from '../mirrors/mirror-view.ts';
import { formatSpan } from './span.ts';
import { formatTable, type Cell, type Column, type Paint, type Row, type TableStyle } from './table.ts';

/** What `rondo mirrors --json` prints: the same from a server and from probes. */
export type MirrorsPage = {
  readonly version: 1;
  /** The server asks no mirror: what it says of them is no news. */
  readonly offline?: boolean | undefined;
  /** A server that answered at `url`, or probes of this command because none did. */
  readonly source: { readonly kind: 'server' | 'probes'; readonly url: string };
  /** Where the chain came from, for people. */
  readonly origin: string;
  readonly mirrors: readonly ShownMirror[];
};

/** As mirrors/mirror-view.ts has it; `status`, `gate` and `cause` may be of a newer server, which knows more of them. */
export type ShownMirror = Omit<
  MirrorView,
  'status' | 'gate' | 'next' | 'lastFailure' | 'firstByte' | 'bytesPerS' | 'syncLagMs'
> & {
  readonly status: string;
  readonly gate: string;
  readonly next: { readonly words: string; readonly inMs?: number | undefined };
  readonly lastFailure?: ShownFailure | undefined;
  readonly firstByte?: MirrorView['firstByte'] | undefined;
  readonly bytesPerS?: number | undefined;
  readonly syncLagMs?: number | undefined;
};

type ShownFailure = Pick<NonNullable<MirrorView['lastFailure']>, 'agoMs' | 'detail'> & {
  readonly cause: string;
  readonly explanation: {
    readonly words: string;
    readonly whoMends: string;
    readonly likelyOverMs?: number | undefined;
  };
};

/** Where a server shows its mirrors, and takes orders for them. */
export const MIRRORS_PATH = '/-/api/mirrors';

const AMOUNT = z.number().nonnegative();

const MIRROR: z.ZodType<ShownMirror> = z.object({
  name: z.string(),
  url: z.string(),
  tier: AMOUNT,
  match: z.string(),
  status: z.string(),
  why: z.string(),
  eligible: z.boolean(),
  forMs: AMOUNT,
  gate: z.string(),
  next: z.object({ words: z.string(), inMs: AMOUNT.optional() }),
  lastFailure: z
    .object({
      agoMs: AMOUNT,
      cause: z.string(),
      detail: z.string(),
      explanation: z.object({ words: z.string(), whoMends: z.string(), likelyOverMs: AMOUNT.optional() }),
    })
    .optional(),
  baseWeight: AMOUNT,
  configuredWeight: AMOUNT,
  score: AMOUNT,
  speed: z.object({ small: AMOUNT, zip: AMOUNT }),
  weight: AMOUNT,
  firstByte: z.object({ p50Ms: AMOUNT, p95Ms: AMOUNT, samples: AMOUNT }).optional(),
  bytesPerS: AMOUNT.optional(),
  syncLagMs: AMOUNT.optional(),
  inFlight: AMOUNT,
  waiting: AMOUNT,
  slots: AMOUNT,
  connectionsOpen: AMOUNT,
  connectionsOpened: AMOUNT,
});

const ANSWER = z.object({
  version: z.literal(1),
  offline: z.boolean().optional(),
  origin: z.string(),
  mirrors: z.array(MIRROR).max(1000),
});

/** What somebody answered for `/-/api/mirrors`, who may be anybody; undefined if it is not what a Rondo answers. */
export function parseMirrorsAnswer(text: string, url: string): MirrorsPage | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  const parsed = ANSWER.safeParse(json);
  return parsed.success ? { ...parsed.data, source: { kind: 'server', url } } : undefined;
}

/** The page of probes without a server; none answered at `url`. */
export function pageOfProbes(views: readonly MirrorView[], origin: string, url: string): MirrorsPage {
  return { version: 1, source: { kind: 'probes', url }, origin, mirrors: views };
}

const COLUMNS: readonly Column[] = [
  { title: 'MIRROR' },
  { title: 'STATE' },
  { title: 'FOR', align: 'right', leaveOut: 4 },
  { title: 'SCORE', align: 'right', leaveOut: 2 },
  { title: 'WEIGHT', align: 'right', leaveOut: 5 },
  { title: 'P50', align: 'right', leaveOut: 3 },
  { title: 'P95', align: 'right', leaveOut: 1 },
  { title: 'LAG', align: 'right', leaveOut: 7 },
  { title: 'GATE', leaveOut: 6 },
];

const OFFLINE = 'It is offline and asks none of them';

/** The page for people, in lines no wider than the terminal; what a server says is made printable. Pure. */
export function formatMirrorsPage(page: MirrorsPage, style: TableStyle): string[] {
  const { source, origin, mirrors, offline } = page;
  const where =
    source.kind === 'server' ? `as the server at ${source.url} sees them` : 'probed by this command';
  const [head = '', ...rest] = formatTable(COLUMNS, mirrors.map(rowOf), style);
  const title = formatTable([{ title: printable(`Mirrors of ${origin}, ${where}`) }], [], style);
  const asks = offline === true ? formatTable([{ title: OFFLINE }], [], style) : [];
  return [...title, ...asks, '', head, ...rest];
}

function rowOf(mirror: ShownMirror): Row {
  const { status, firstByte, lastFailure, next, gate } = mirror;
  const time = (ms: number | undefined): Cell => ({ text: ms === undefined ? '-' : `${Math.round(ms)} ms` });
  const silent = status === 'HEALTHY' && firstByte === undefined && lastFailure === undefined;
  const when = next.inMs === undefined ? '' : `, in ${formatSpan(next.inMs)}`;
  return {
    cells: [
      { text: printable(mirror.name, 60) },
      { text: printable(status, 20), ...paintOf(status) },
      { text: formatSpan(mirror.forMs) },
      { text: mirror.score.toFixed(2) },
      { text: mirror.weight.toFixed(1) },
      time(firstByte?.p50Ms),
      time(firstByte?.p95Ms),
      { text: mirror.syncLagMs === undefined ? '-' : formatSpan(mirror.syncLagMs) },
      { text: printable(gate, 20) },
    ],
    notes: [
      { text: printable(silent ? 'has not answered yet' : mirror.why) },
      ...(lastFailure === undefined ? [] : [{ text: printable(failureWords(lastFailure, mirror.why), 400) }]),
      ...weightWords(mirror).map((text) => ({ text })),
      { text: printable(`next: ${next.words}${when}`, 300), paint: 'dim' },
    ],
  };
}

/** Why its weight is not what it is configured to be, beside its score. */
function weightWords({ baseWeight, configuredWeight, speed, waiting, slots }: ShownMirror): string[] {
  const percent = (factor: number): string => `${Math.max(1, Math.round(factor * 100))}%`;
  const slowFor = [
    speed.small < 1 ? `${percent(speed.small)} of its weight is left for small files` : [],
    speed.zip < 1 ? `${percent(speed.zip)} for zips` : [],
  ].flat();
  return [
    baseWeight === configuredWeight
      ? []
      : `weight ${baseWeight} by an order, ${configuredWeight} as configured`,
    slowFor.length === 0 ? [] : `slower than others: ${slowFor.join(', ')}`,
    waiting < slots ? [] : `busy: ${waiting} requests wait for it, which is all that it is given`,
  ].flat();
}

function failureWords({ agoMs, detail, explanation }: ShownFailure, why: string): string {
  const { words, whoMends } = explanation;
  const evidence = why.includes(detail) ? '' : ` ${detail}:`;
  return `last failure ${formatSpan(agoMs)} ago:${evidence} ${words}; who mends it: ${whoMends}`;
}

const PAINTS: Readonly<Record<string, Paint>> = {
  HEALTHY: 'green',
  TRIAL: 'yellow',
  COOLING: 'yellow',
  UNHEALTHY: 'red',
  QUARANTINED: 'red',
  OUTAGE: 'red',
  DRAINED: 'yellow',
};

function paintOf(status: string): { readonly paint?: Paint } {
  const paint = Object.hasOwn(PAINTS, status) ? PAINTS[status] : undefined;
  return paint === undefined ? {} : { paint };
}
