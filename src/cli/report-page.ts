import type { Incident } from '../history/incidents.ts';
import type { Period } from '../history/period.ts';
import type { Report } from '../history/read-history.ts';
import type { Series } from '../history/series.ts';
import type { ServiceLevel } from '../history/service-levels.ts';
import { render, type Table } from '../words/render.ts';
import { standingText } from '../words/standing-text.ts';
import { say } from '../words/text.ts';
import { chartHtml } from './report-chart.ts';
import { escapeHtml, tableHtml, type Words } from './report-html.ts';
import { localTime, millisecondsText, uptimeText } from './report-table.ts';
import { formatSpan } from './span.ts';

/**
 * The report as one page of HTML that needs nothing else: no script, no other file, no network. Names and evidence come
 * from mirrors and are escaped. Pure but for the time zone.
 */
export function reportPage(report: Report, series: readonly Series[], table?: Table): string {
  const words: Words = (text) => escapeHtml(render(text, table));
  const { sinceMs, untilMs } = report.period;
  const title = words(say('Rondo: service levels of its mirrors'));
  const span = words(
    say('From {since} to {until}', { since: localTime(sinceMs), until: localTime(untilMs) }),
  );
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  const zone = words(say('Times are those of the zone {zone}.', { zone: timeZone }));
  const nothing = `<p>${words(say('Nothing was recorded in this time.'))}</p>`;
  return `<!doctype html>
<html lang="${table === undefined ? 'en' : 'zh-CN'}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title>
<style>${STYLE}</style>
<main>
<h1>${title}</h1>
<p>${span} <span class="note">${zone}</span></p>
${report.mirrors.length === 0 ? nothing : sectionsHtml(report, series, words)}
</main>
</html>
`;
}

/** What there is to see, the charts in the order of the table. */
function sectionsHtml(
  { period, mirrors, incidents, incidentsLeftOut }: Report,
  series: readonly Series[],
  words: Words,
): string {
  const seriesOf = new Map(series.map((each) => [each.mirror, each]));
  const charts = mirrors.flatMap((level) => {
    const own = seriesOf.get(level.mirror);
    return own === undefined ? [] : chartHtml(own, { count: level.incidents, incidents }, period, words);
  });
  const older =
    incidentsLeftOut === 0
      ? ''
      : `<p class="note">${words(say('The newest {shown} incidents are shown here and in the charts; rondo report --json has the {older} older ones too.', { shown: incidents.length, older: incidentsLeftOut }))}</p>\n`;
  return `${levelsHtml(mirrors, words)}
<p class="note">${words(say('Uptime is the share of the time watched in which no incident lasted; an incident begins with the first failure of the row for which Rondo stopped asking the mirror.'))}</p>
<h2>${words(say('Time to the first byte, 95th percentile'))}</h2>
<p class="note">${words(say('Below each line is the time in which the mirror was watched; incidents stand out of it at full height.'))}</p>
${charts.join('\n')}
<h2>${words(say('Incidents'))}</h2>
${older}<section class="text">${incidentsHtml(incidents, period, words)}</section>`;
}

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
      millisecondsText(level.p50Ms),
      millisecondsText(level.p95Ms),
      String(level.incidents),
      level.worstLagMs === undefined ? '-' : words(formatSpan(level.worstLagMs)),
      level.failed === 0
        ? String(total)
        : words(say('{failed} of {total} failed', { failed: level.failed, total })),
    ];
    return `<tr><th scope="row">${escapeHtml(level.mirror)}</th>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
  });
  return tableHtml(words(say('Rondo: service levels of its mirrors')), heads.map(words), rows);
}

function incidentsHtml(incidents: readonly Incident[], { untilMs }: Period, words: Words): string {
  if (incidents.length === 0) return `<p>${words(say('No incident in this time.'))}</p>`;
  const heads = [say('Began'), say('Mirror'), say('Lasted'), say('Cause'), say('Evidence')];
  const rows = incidents.map(({ mirror, startMs, endMs, cause, why }) => {
    const lasted = words(formatSpan((endMs ?? untilMs) - startMs));
    const still = endMs === undefined ? ` <strong>${words(say('lasts still'))}</strong>` : '';
    const evidence = words(standingText(why));
    return `<tr><td>${localTime(startMs)}</td><th scope="row">${escapeHtml(mirror)}</th><td>${lasted}${still}</td><td>${escapeHtml(cause)}</td><td class="long">${evidence}</td></tr>`;
  });
  return tableHtml(words(say('Incidents')), heads.map(words), rows);
}

const STYLE = `
:root { color-scheme: light dark; --line: light-dark(#0b6e99, #6cc4ee); --up: light-dark(#7fb98a, #3c7a4f); --down: light-dark(#b3261e, #ff6b61); --rule: light-dark(#d8d8d8, #444); --dim: light-dark(#555, #aaa); }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0; background: Canvas; color: CanvasText; }
main { max-width: 72rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.2rem; margin-top: 2rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: right; padding: .35rem .6rem; border-bottom: 1px solid var(--rule); white-space: nowrap; }
th:first-child, .text :is(th, td) { text-align: left; } .text .long { white-space: normal; min-width: 16rem; width: 100%; }
figure { margin: 1rem 0; } figcaption span, .note, .axis { color: var(--dim); } figcaption { overflow-wrap: anywhere; }
svg { display: block; width: 100%; height: 6.5rem; }
path { fill: none; stroke: var(--line); stroke-width: 2; vector-effect: non-scaling-stroke; }
.up { fill: var(--up); } .down { fill: var(--down); }
.axis { display: flex; justify-content: space-between; font-size: .8rem; font-variant-numeric: tabular-nums; }
`;
