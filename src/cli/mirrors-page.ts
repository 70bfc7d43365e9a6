import type { MirrorFailure, MirrorShown } from '../api/answers.ts';
import { MIRRORS } from '../api/schemas.ts';
import { printable } from '../config/quote.ts';
import type { MirrorView } from '../mirrors/mirror-view.ts';
import { causeWords } from '../upstream/explain-cause.ts';
import { detailText } from '../words/detail-text.ts';
import { listed, say, type Text } from '../words/text.ts';
import { originText } from '../config/origin-text.ts';
import { formatSpan } from './span.ts';
import { standingText } from '../words/standing-text.ts';
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
  readonly mirrors: readonly MirrorShown[];
};

/** Where a server shows its mirrors, and takes orders for them. */
export const MIRRORS_PATH = '/-/api/mirrors';

/** What somebody answered for `/-/api/mirrors`, who may be anybody; undefined if it is not what a Rondo answers. */
export function parseMirrorsAnswer(text: string, url: string): MirrorsPage | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  const parsed = MIRRORS.safeParse(json);
  return parsed.success ? { ...parsed.data, source: { kind: 'server', url } } : undefined;
}

/** The page of probes without a server; none answered at `url`. */
export function pageOfProbes(views: readonly MirrorView[], origin: string, url: string): MirrorsPage {
  return { version: 1, source: { kind: 'probes', url }, origin, mirrors: views };
}

const COLUMNS: readonly Column[] = [
  { title: say('MIRROR') },
  { title: say('STATE') },
  { title: say('FOR'), align: 'right', leaveOut: 4 },
  { title: say('SCORE'), align: 'right', leaveOut: 2 },
  { title: say('WEIGHT'), align: 'right', leaveOut: 5 },
  { title: 'P50', align: 'right', leaveOut: 3 },
  { title: 'P95', align: 'right', leaveOut: 1 },
  { title: say('LAG'), align: 'right', leaveOut: 7 },
  { title: say('GATE'), leaveOut: 6 },
];

const OFFLINE = say('It is offline and asks none of them');

/** The page for people, in lines no wider than the terminal; what a server says is made printable. Pure. */
export function formatMirrorsPage(page: MirrorsPage, style: TableStyle): string[] {
  const { source, mirrors, offline } = page;
  const origin = originText(printable(page.origin));
  const title =
    source.kind === 'server'
      ? say('Mirrors of {origin}, as the server at {url} sees them', { origin, url: printable(source.url) })
      : say('Mirrors of {origin}, probed by this command', { origin });
  const [head = '', ...rest] = formatTable(COLUMNS, mirrors.map(rowOf), style);
  const line = (text: Text): string[] => formatTable([{ title: text }], [], style);
  return [...line(title), ...(offline === true ? line(OFFLINE) : []), '', head, ...rest];
}

function rowOf(mirror: MirrorShown): Row {
  const { status, firstByte, lastFailure, next, gate } = mirror;
  const time = (ms: number | undefined): Cell => ({ text: ms === undefined ? '-' : `${Math.round(ms)} ms` });
  const silent = status === 'HEALTHY' && firstByte === undefined && lastFailure === undefined;
  const words = standingText(printable(next.words, 300));
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
      { text: silent ? say('has not answered yet') : standingText(printable(mirror.why)) },
      ...(lastFailure === undefined ? [] : [{ text: failureWords(lastFailure, mirror.why) }]),
      ...weightWords(mirror).map((text) => ({ text })),
      {
        text:
          next.inMs === undefined
            ? say('next: {words}', { words })
            : say('next: {words}, in {span}', { words, span: formatSpan(next.inMs) }),
        paint: 'dim',
      },
    ],
  };
}

/** Why its weight is not what it is configured to be, beside its score. */
function weightWords({ baseWeight, configuredWeight, speed, waiting, slots }: MirrorShown): Text[] {
  const percent = (factor: number): string => `${Math.max(1, Math.round(factor * 100))}%`;
  const slowFor = [
    speed.small < 1
      ? say('{share} of its weight is left for small files', { share: percent(speed.small) })
      : [],
    speed.zip < 1 ? say('{share} for zips', { share: percent(speed.zip) }) : [],
  ].flat();
  return [
    baseWeight === configuredWeight
      ? []
      : say('weight {now} by an order, {configured} as configured', {
          now: baseWeight,
          configured: configuredWeight,
        }),
    slowFor.length === 0 ? [] : say('slower than others: {what}', { what: listed(slowFor) }),
    waiting < slots
      ? []
      : say('busy: {waiting} requests wait for it, which is all that it is given', { waiting }),
  ].flat();
}

/** The words for a cause that this version knows are its own: those of the server are English. */
function failureWords({ agoMs, cause, detail, explanation }: MirrorFailure, why: string): Text {
  const known = causeWords(cause);
  const values = {
    ago: formatSpan(agoMs),
    words: known?.words ?? printable(explanation.words),
    who: known?.whoMends ?? printable(explanation.whoMends),
  };
  return why.includes(detail)
    ? say('last failure {ago} ago: {words}; who mends it: {who}', values)
    : say('last failure {ago} ago: {detail}: {words}; who mends it: {who}', {
        ...values,
        detail: detailText(printable(detail)),
      });
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
