import type { Incident } from '../history/incidents.ts';
import type { Series } from '../history/series.ts';
import type { Period } from '../history/period.ts';
import { say } from '../words/text.ts';
import { escapeHtml, type Words } from './report-html.ts';
import { localTime } from './report-table.ts';

const WIDTH = 1000;
const HEIGHT = 90;
const GAP = 4;
/** The lane below the line: incidents take all of it. */
const LANE = 14;
const WATCHED = 4;

/** A mirror's chart: its 95th percentile as a line, and below it when it was watched and when an incident lasted. `count` is that of all its incidents, those of all mirrors that are known are drawn. Pure. */
export function chartHtml(
  { mirror, points }: Series,
  told: { readonly count: number; readonly incidents: readonly Incident[] },
  period: Period,
  words: Words,
): string {
  const { count } = told;
  const own = told.incidents.filter((each) => each.mirror === mirror);
  const times = points.flatMap(({ p95Ms }) => p95Ms ?? []);
  const topMs = Math.max(1, ...times);
  const most =
    times.length === 0 ? say('no answer in this time') : say('up to {ms} ms', { ms: Math.round(topMs) });
  const label = words(say('{mirror}: {most}; incidents: {count}', { mirror, most, count }));
  const drawn = `${lineOf(points, topMs)}${watchedOf(points)}${downOf(own, period)}`;
  const axis = [period.sinceMs, period.untilMs].map((ms) => `<span>${localTime(ms)}</span>`).join('');
  return `<figure><figcaption>${escapeHtml(mirror)} <span>${words(most)}</span></figcaption>
<svg viewBox="0 0 ${WIDTH} ${HEIGHT + GAP + LANE}" preserveAspectRatio="none" role="img" aria-label="${label}">${drawn}</svg>
<div class="axis" aria-hidden="true">${axis}</div></figure>`;
}

function lineOf(points: Series['points'], topMs: number): string {
  const step = WIDTH / points.length;
  const y = (ms: number): number => HEIGHT - (ms / topMs) * (HEIGHT - GAP);
  const path = points
    .map(({ p95Ms }, index) => {
      if (p95Ms === undefined) return '';
      const joins = index > 0 && points[index - 1]?.p95Ms !== undefined;
      return `${joins ? 'L' : 'M'}${tenth(index * step)} ${tenth(y(p95Ms))}h${tenth(step)}`;
    })
    .join('');
  return `<path d="${path}"/>`;
}

/** One bar from gap to gap. */
function watchedOf(points: Series['points']): string {
  const step = WIDTH / points.length;
  const y = HEIGHT + GAP + (LANE - WATCHED) / 2;
  const isWatched = (index: number): boolean => (points[index]?.watchedMs ?? 0) > 0;
  let bars = '';
  for (let from = 0, to = 0; from < points.length; from = to + 1) {
    for (to = from; isWatched(to); to += 1);
    if (to > from) bars += bar('up', from * step, (to - from) * step, [y, WATCHED]);
  }
  return bars;
}

function downOf(incidents: readonly Incident[], { sinceMs, untilMs }: Period): string {
  const x = (ms: number): number =>
    (WIDTH * (Math.min(untilMs, Math.max(sinceMs, ms)) - sinceMs)) / (untilMs - sinceMs);
  return incidents
    .map(({ startMs, endMs, cause }) => {
      const [from, to] = [x(startMs), x(endMs ?? untilMs)];
      const title = `<title>${escapeHtml(`${localTime(startMs)} ${cause}`)}</title>`;
      return bar('down', from, Math.max(2, to - from), [HEIGHT + GAP, LANE], title);
    })
    .join('');
}

function bar(
  kind: 'up' | 'down',
  x: number,
  width: number,
  [y, height]: readonly [number, number],
  inner = '',
): string {
  return `<rect class="${kind}" x="${tenth(x)}" y="${y}" width="${tenth(width)}" height="${height}">${inner}</rect>`;
}

function tenth(value: number): string {
  return String(Math.round(value * 10) / 10);
}
