import type { VNode } from 'preact';
import type { SeriesPoint } from '../../src/history/series.ts';
import { useReader } from '../show/reader.ts';

const WIDTH = 120;
const HEIGHT = 28;

/** The line takes the whole height only where it varies by so much of its highest value: a steady mirror looks steady. */
const LEAST_SPAN = 0.5;

/** The strokes of a line that breaks off where nothing was measured. Pure. */
export function sparkPath(values: readonly (number | undefined)[], width: number, height: number): string {
  const known = values.filter((value) => value !== undefined);
  const high = Math.max(...known);
  const span = Math.max(high - Math.min(...known), high * LEAST_SPAN) || 1;
  const low = high - span;
  const stepX = width / Math.max(1, values.length - 1);
  let path = '';
  let isDrawing = false;
  values.forEach((value, index) => {
    if (value !== undefined) {
      const y = height - 2 - ((value - low) / span) * (height - 4);
      const x = index * stepX;
      path += `${isDrawing ? 'L' : 'M'}${x.toFixed(1)} ${y.toFixed(1)}`;
      // A point alone, with nothing at its sides, would not be seen: it is a dash, within the drawing.
      if (!isDrawing && values[index + 1] === undefined) path += x > width / 2 ? 'h-4' : 'h4';
    }
    isDrawing = value !== undefined;
  });
  return path;
}

type SparklineProps = { readonly mirror: string; readonly points: readonly SeriesPoint[] };

/** How a mirror's p95 went, small. An SVG and not a canvas: there may be hundreds, and they take the colours of the page. */
export function Sparkline({ mirror, points }: SparklineProps): VNode {
  const { say, figures } = useReader();
  const values = points.map(({ p95Ms }) => p95Ms);
  const known = values.filter((value) => value !== undefined);
  if (known.length === 0)
    return <span class="spark none" role="img" aria-label={say('sparklineEmpty', { mirror })} />;
  const low = figures.latency(Math.min(...known));
  const high = figures.latency(Math.max(...known));
  const label = say('sparkline', { mirror, low, high, last: figures.latency(known.at(-1) ?? 0) });
  return (
    <svg
      class="spark"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      <title>{say('sparklineShort', { low, high })}</title>
      <path d={sparkPath(values, WIDTH, HEIGHT)} />
    </svg>
  );
}
