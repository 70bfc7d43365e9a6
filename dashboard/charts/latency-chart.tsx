import type { VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import uPlot from 'uplot';
import type { HistoryAnswer } from '../../src/api/answers.ts';
import type { Series } from '../../src/history/series.ts';
import { localeOf } from '../show/locale.ts';
import { useReader, type Reader } from '../show/reader.ts';

/** More lines nobody can tell apart. */
const MOST_LINES = 6;
/** Lines differ by dashes too. */
const DASHES: readonly (readonly number[])[] = [[], [6, 4], [2, 3], [10, 3, 2, 3], [14, 4], [4, 8]];
const HEIGHT = 220;

/** The mirrors with the most answers, in the order of the service levels. */
function linesOf({ series, mirrors }: HistoryAnswer): readonly Series[] {
  const answered = new Map(mirrors.map((level) => [level.mirror, level.answered + level.probes]));
  const most = series
    .toSorted((a, b) => (answered.get(b.mirror) ?? 0) - (answered.get(a.mirror) ?? 0))
    .slice(0, MOST_LINES);
  const rank = new Map(mirrors.map(({ mirror }, index) => [mirror, index]));
  return most.toSorted((a, b) => (rank.get(a.mirror) ?? 0) - (rank.get(b.mirror) ?? 0));
}

/** Goes up when light becomes dark or the other way: a canvas does not follow by itself. */
function useColourChanges(): number {
  const [round, setRound] = useState(0);
  useEffect(() => {
    const changed = (): void => setRound((count) => count + 1);
    const query = matchMedia('(prefers-color-scheme: dark)');
    query.addEventListener('change', changed);
    const observer = new MutationObserver(changed);
    observer.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    return () => {
      query.removeEventListener('change', changed);
      observer.disconnect();
    };
  }, []);
  return round;
}

/** How fast the mirrors answered over the period. */
export function LatencyChart({ history }: { readonly history: HistoryAnswer }): VNode {
  const reader = useReader();
  const { say } = reader;
  const place = useRef<HTMLDivElement>(null);
  const colours = useColourChanges();
  const lines = linesOf(history);
  /** The part that the pointer is over. */
  const [part, setPart] = useState<number>();
  useEffect(() => {
    const element = place.current;
    if (element === null || lines.length === 0) return undefined;
    const chart = new uPlot(
      { ...optionsOf(element, lines, reader), hooks: cursorHook(setPart) },
      dataOf(lines),
      element,
    );
    const observer = new ResizeObserver(() => chart.setSize({ width: element.clientWidth, height: HEIGHT }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      chart.destroy();
    };
  }, [history, colours, reader]);
  const at = part === undefined ? undefined : lines[0]?.points[part]?.startMs;
  return (
    <figure class="latency">
      <figcaption>
        {say('chartTitle')} <span class="quiet">{at === undefined ? '' : reader.figures.time(at)}</span>
      </figcaption>
      <div ref={place} class="plot" role="img" aria-label={say('chartLabel')} />
      <ul class="legend">
        {lines.map(({ mirror, points }, index) => (
          <li key={mirror}>
            <svg viewBox="0 0 28 6" aria-hidden="true" class={`line-${index}`}>
              <path d="M0 3h28" stroke-dasharray={DASHES[index]?.join(' ')} />
            </svg>
            {mirror} <strong>{valueIn(points, part, reader)}</strong>
          </li>
        ))}
      </ul>
    </figure>
  );
}

/** Tells where the pointer is: undefined where it is not over the chart. */
function cursorHook(setPart: (part: number | undefined) => void): uPlot.Hooks.Arrays {
  return { setCursor: [({ cursor }) => setPart(cursor.idx ?? undefined)] };
}

/** A line's value where the pointer is. */
function valueIn(points: Series['points'], part: number | undefined, { figures }: Reader): string {
  if (part === undefined) return '';
  const p95Ms = points[part]?.p95Ms;
  return p95Ms === undefined ? '–' : figures.latency(p95Ms);
}

function dataOf(lines: readonly Series[]): uPlot.AlignedData {
  const times = lines[0]?.points.map(({ startMs }) => startMs / 1000) ?? [];
  return [times, ...lines.map(({ points }) => points.map(({ p95Ms }) => p95Ms ?? null))];
}

/** The places of points with none at their sides, which no line goes through. */
function lonely(points: Series['points']): number[] {
  const isKnown = (index: number): boolean => points[index]?.p95Ms !== undefined;
  return points.flatMap((_, index) =>
    isKnown(index) && !isKnown(index - 1) && !isKnown(index + 1) ? [index] : [],
  );
}

function optionsOf(
  element: HTMLElement,
  lines: readonly Series[],
  { language, figures }: Reader,
): uPlot.Options {
  const style = getComputedStyle(element);
  const colour = (name: string): string => style.getPropertyValue(name).trim();
  const font = `12px ${style.fontFamily}`;
  const grid = { stroke: colour('--line'), width: 1 };
  const axis = { stroke: colour('--quiet'), font, grid, ticks: { ...grid, size: 4 } };
  const locale = localeOf(language);
  const hours = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' });
  const days = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short' });
  const timeOf = (seconds: number): string => {
    const time = new Date(seconds * 1000);
    return time.getHours() === 0 && time.getMinutes() === 0 ? days.format(time) : hours.format(time);
  };
  return {
    width: element.clientWidth,
    height: HEIGHT,
    legend: { show: false },
    padding: [8, 8, 0, 0],
    cursor: { y: false, drag: { x: false, y: false } },
    scales: { y: { range: (_chart, _low, high) => [0, Math.max(10, high * 1.1)] } },
    axes: [
      { ...axis, size: 30, space: 80, values: (_chart, splits) => splits.map(timeOf) },
      {
        ...axis,
        size: 64,
        space: 40,
        values: (_chart, splits) => splits.map((each) => figures.latency(each)),
      },
    ],
    series: [
      {},
      ...lines.map(({ mirror, points }, index) => ({
        label: mirror,
        stroke: colour(`--line-${index}`),
        width: 1.75,
        dash: [...(DASHES[index] ?? [])],
        points: { show: true, size: 5, filter: () => lonely(points) },
      })),
    ],
  };
}
