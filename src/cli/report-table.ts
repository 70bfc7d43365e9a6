import { printable } from '../config/quote.ts';
import type { Report } from '../history/read-history.ts';
import type { ServiceLevel } from '../history/service-levels.ts';
import { render } from '../words/render.ts';
import { standingText } from '../words/standing-text.ts';
import { say } from '../words/text.ts';
import { formatSpan } from './span.ts';
import { formatTable, type Cell, type Column, type TableStyle } from './table.ts';

const COLUMNS: readonly Column[] = [
  { title: say('MIRROR') },
  { title: say('UPTIME'), align: 'right' },
  { title: say('P50'), align: 'right', leaveOut: 3 },
  { title: say('P95'), align: 'right' },
  { title: say('INCIDENTS'), align: 'right' },
  { title: say('LONGEST'), align: 'right', leaveOut: 4 },
  { title: say('WORST LAG'), align: 'right', leaveOut: 1 },
  { title: say('REQUESTS'), align: 'right', leaveOut: 2 },
  { title: say('WATCHED'), align: 'right', leaveOut: 5 },
];

const INCIDENTS: readonly Column[] = [
  { title: say('INCIDENT BEGAN') },
  { title: say('MIRROR') },
  { title: say('LASTED'), align: 'right' },
  { title: say('CAUSE'), leaveOut: 1 },
];

/** So many of the newest are shown. */
const SHOWN_INCIDENTS = 20;
/** What a row of a colour means. */
const GOOD = 0.999;
const FAIR = 0.99;

/** The service levels for people, a mirror a row. Pure. */
export function levelsTable(levels: readonly ServiceLevel[], style: TableStyle): string[] {
  const rows = levels.map((level) => ({ cells: cellsOf(level) }));
  return formatTable(COLUMNS, rows, style);
}

/** The newest incidents for people. Pure. */
export function incidentsTable(
  { incidents, incidentsLeftOut, period }: Pick<Report, 'incidents' | 'incidentsLeftOut' | 'period'>,
  style: TableStyle,
): string[] {
  const rows = incidents.slice(0, SHOWN_INCIDENTS).map(({ mirror, startMs, endMs, cause, why }) => ({
    cells: [
      { text: localTime(startMs) },
      { text: printable(mirror, 60) },
      lastedCell(startMs, endMs, period.untilMs),
      { text: printable(cause, 40) },
    ],
    notes: [{ text: printable(render(standingText(why), style.table), 300), paint: 'dim' } as const],
  }));
  const more = incidents.length - rows.length + incidentsLeftOut;
  const rest =
    more > 0
      ? formatTable([{ title: say('and {count} more; --json has them all', { count: more }) }], [], style)
      : [];
  return [...formatTable(INCIDENTS, rows, style), ...rest];
}

function lastedCell(startMs: number, endMs: number | undefined, nowMs: number): Cell {
  const span = formatSpan((endMs ?? nowMs) - startMs);
  return endMs === undefined ? { text: say('{span} so far', { span }), paint: 'red' } : { text: span };
}

function cellsOf(level: ServiceLevel): Cell[] {
  const { mirror, uptime, p50Ms, p95Ms, incidents, longestIncidentMs, worstLagMs, answered, failed } = level;
  return [
    { text: printable(mirror, 60) },
    uptimeCell(uptime),
    { text: millisecondsText(p50Ms) },
    { text: millisecondsText(p95Ms) },
    { text: String(incidents), ...(incidents > 0 ? { paint: 'yellow' } : {}) },
    { text: incidents > 0 ? formatSpan(longestIncidentMs) : '-' },
    { text: worstLagMs === undefined ? '-' : formatSpan(worstLagMs) },
    {
      text:
        failed === 0
          ? String(answered)
          : say('{failed} of {total} failed', { failed, total: answered + failed }),
    },
    { text: formatSpan(level.watchedMs) },
  ];
}

function uptimeCell(uptime: number | undefined): Cell {
  if (uptime === undefined) return { text: '-' };
  const paint = uptime >= GOOD ? 'green' : uptime >= FAIR ? 'yellow' : 'red';
  return { text: uptimeText(uptime), paint };
}

/** `99.982%`; never rounded up to 100%. Pure. */
export function uptimeText(uptime: number): string {
  return uptime >= 1 ? '100%' : `${(Math.floor(uptime * 100_000) / 1000).toFixed(3)}%`;
}

/** `2026-01-31 13:05`, in the time zone of this machine. Pure but for that. */
export function localTime(unixMs: number): string {
  const date = new Date(unixMs);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** `8.4 ms`, `120 ms`, or `-`. Pure. */
export function millisecondsText(ms: number | undefined): string {
  if (ms === undefined) return '-';
  return `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;
}
