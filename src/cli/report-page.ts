import type { Incident } from '../history/incidents.ts';
import type { Report } from '../history/read-history.ts';
import type { Series } from '../history/series.ts';
import type { Period, ServiceLevel } from '../history/service-levels.ts';
import { render, type Table } from '../words/render.ts';
import { say, type Text } from '../words/text.ts';
import { localTime, uptimeText } from './report-table.ts';
import { formatSpan } from './span.ts';

/**
 * The report as one page of HTML that needs nothing else: no script, no other file, no network. Names and evidence come
 * from mirrors and are escaped. Pure but for the time zone.
 */
export function reportPage(
  { period, mirrors, incidents }: Report,
  series: readonly Series[],
  table?: Table,
): string {
  const words = (text: Text): string => escape(render(text, table));
  const title = words(say('Rondo: service levels of its mirrors'));
  const [since, until] = [localTime(period.sinceMs), localTime(period.untilMs)];
  return `<!doctype html>
<html lang="${table === undefined ? 'en' : 'zh-CN'}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title>
<style>${STYLE}</style>
<main>
<h1>${title}</h1>
<p>${words(say('From {since} to {until}', { since, until }))}</p>
${levelsHtml(mirrors, words)}
<p class="note">${words(say('uptime is the share of the time watched in which no incident lasted; an incident begins with the first failure of the row for which Rondo stopped asking the mirror'))}</p>
<h2>${words(say('Time to the first byte, 95th percentile'))}</h2>
${series.map((each) => chartHtml(each, incidents, period, words)).join('\n')}
<h2>${words(say('Incidents'))}</h2>
${incidentsHtml(incidents, period, words)}
</main>
</html>
`;
}

type Words = (text: Text) => string;

function levelsHtml(levels: readonly ServiceLevel[], words: Words): string {
  const heads = [
    say('Mirror'),
    say('Uptime'),
    say('Down for'),
    say('P50'),
    say('P95'),
    say('Incidents'),
    say('Worst sync lag'),
    say('Requests'),
  ];
  const rows = levels.map((level) => {
    const total = level.answered + level.failed;
    const cells = [
      level.uptime === undefined ? '-' : uptimeText(level.uptime),
      level.downMs === 0 ? '-' : words(formatSpan(level.downMs)),
      milliseconds(level.p50Ms),
      milliseconds(level.p95Ms),
      String(level.incidents),
      level.worstLagMs === undefined ? '-' : words(formatSpan(level.worstLagMs)),
      level.failed === 0
        ? String(total)
        : words(say('{failed} of {total} failed', { failed: level.failed, total })),
    ];
    return `<tr><th scope="row">${escape(level.mirror)}</th>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
  });
  return tableHtml(heads.map(words), rows);
}

function incidentsHtml(incidents: readonly Incident[], { untilMs }: Period, words: Words): string {
  if (incidents.length === 0) return `<p>${words(say('No incident in this time.'))}</p>`;
  const heads = [say('Began'), say('Mirror'), say('Lasted'), say('Cause'), say('Evidence')];
  const rows = incidents.map(({ mirror, startMs, endMs, cause, why }) => {
    const lasted = words(formatSpan((endMs ?? untilMs) - startMs));
    const still = endMs === undefined ? ` <strong>${words(say('lasts still'))}</strong>` : '';
    return `<tr><td>${localTime(startMs)}</td><th scope="row">${escape(mirror)}</th><td>${lasted}${still}</td><td>${escape(cause)}</td><td class="text">${escape(why)}</td></tr>`;
  });
  return tableHtml(heads.map(words), rows);
}

function tableHtml(heads: readonly string[], rows: readonly string[]): string {
  const head = heads.map((each) => `<th scope="col">${each}</th>`).join('');
  return `<div class="wide"><table><thead><tr>${head}</tr></thead><tbody>\n${rows.join('\n')}\n</tbody></table></div>`;
}

const WIDTH = 1000;
const HEIGHT = 90;
const TIMELINE = 8;

/** A mirror's chart: its 95th percentile as a line, and below it when it was not watched and when an incident lasted. */
function chartHtml(
  { mirror, points }: Series,
  incidents: readonly Incident[],
  period: Period,
  words: Words,
): string {
  const top = Math.max(1, ...points.map(({ p95Ms = 0 }) => p95Ms));
  const step = WIDTH / points.length;
  const y = (ms: number): number => HEIGHT - (ms / top) * (HEIGHT - 4);
  const path = points
    .map(({ p95Ms }, index) => {
      if (p95Ms === undefined) return '';
      const joins = index > 0 && points[index - 1]?.p95Ms !== undefined;
      return `${joins ? 'L' : 'M'}${tenth(index * step)} ${tenth(y(p95Ms))}h${tenth(step)}`;
    })
    .join('');
  const x = (ms: number): number =>
    (WIDTH * (Math.min(period.untilMs, Math.max(period.sinceMs, ms)) - period.sinceMs)) /
    (period.untilMs - period.sinceMs);
  const watched = points
    .map(({ watchedMs }, index) => (watchedMs > 0 ? bar(index * step, step, 'up') : ''))
    .join('');
  const down = incidents
    .filter((each) => each.mirror === mirror)
    .map(({ startMs, endMs, cause }) => {
      const [from, to] = [x(startMs), x(endMs ?? period.untilMs)];
      return bar(from, Math.max(2, to - from), 'down', `${localTime(startMs)} ${cause}`);
    })
    .join('');
  const most = words(say('up to {ms} ms', { ms: Math.round(top) }));
  const label = escape(`${mirror}: `) + most;
  return `<figure><figcaption>${escape(mirror)} <span>${most}</span></figcaption>
<svg viewBox="0 0 ${WIDTH} ${HEIGHT + 4 + TIMELINE}" preserveAspectRatio="none" role="img" aria-label="${label}"><path d="${path}"/>${watched}${down}</svg></figure>`;
}

function bar(x: number, width: number, kind: 'up' | 'down', title = ''): string {
  const inner = title === '' ? '' : `<title>${escape(title)}</title>`;
  return `<rect class="${kind}" x="${tenth(x)}" y="${HEIGHT + 4}" width="${tenth(width)}" height="${TIMELINE}">${inner}</rect>`;
}

function tenth(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function milliseconds(ms: number | undefined): string {
  return ms === undefined ? '-' : `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;
}

/** Text as HTML, within an attribute too. */
function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

const STYLE = `
:root { color-scheme: light dark; --line: light-dark(#0b6e99, #6cc4ee); --up: light-dark(#2e8540, #4caf6d); --down: light-dark(#b3261e, #ff6b61); --rule: light-dark(#d8d8d8, #444); --dim: light-dark(#555, #aaa); }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0; background: Canvas; color: CanvasText; }
main { max-width: 72rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.2rem; margin-top: 2rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: right; padding: .35rem .6rem; border-bottom: 1px solid var(--rule); white-space: nowrap; }
th[scope=row], th:first-child, td:first-child, .text { text-align: left; } .text { white-space: normal; }
figure { margin: 1rem 0; } figcaption span, .note { color: var(--dim); }
svg { display: block; width: 100%; height: 6.5rem; }
path { fill: none; stroke: var(--line); stroke-width: 2; vector-effect: non-scaling-stroke; }
.up { fill: var(--up); } .down { fill: var(--down); }
`;
