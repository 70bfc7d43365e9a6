import type { VNode } from 'preact';
import type { HistoryAnswer } from '../../src/api/answers.ts';
import type { Incident } from '../../src/history/incidents.ts';
import type { SeriesPoint } from '../../src/history/series.ts';
import type { ServiceLevel } from '../../src/history/service-levels.ts';
import { useReader, type Reader } from '../show/reader.ts';

/** Units of a lane's drawing; it is stretched to the width there is. */
const WIDTH = 1000;
const HEIGHT = 10;
/** What lasted too short to be seen is drawn so wide. */
const LEAST = 3;

/** Where an incident lies in a lane, as far as it lies within the period. Pure. */
export function laneSpan(
  { startMs, endMs }: Pick<Incident, 'startMs' | 'endMs'>,
  { sinceMs, untilMs }: HistoryAnswer['period'],
): { readonly x: number; readonly width: number } {
  const scale = WIDTH / Math.max(1, untilMs - sinceMs);
  const from = Math.max(0, (startMs - sinceMs) * scale);
  const to = Math.min(WIDTH, ((endMs ?? untilMs) - sinceMs) * scale);
  const width = Math.max(LEAST, to - from);
  return { x: Math.min(from, WIDTH - width), width };
}

/** Where a mirror was watched: parts that follow each other are one span, so that no seams are seen. Pure. */
export function watchedSpans(
  points: readonly Pick<SeriesPoint, 'watchedMs'>[],
): { readonly x: number; readonly width: number }[] {
  const spans: { x: number; width: number }[] = [];
  const partWidth = WIDTH / Math.max(1, points.length);
  let isBefore = false;
  points.forEach(({ watchedMs }, index) => {
    const isWatched = watchedMs > 0;
    const last = spans.at(-1);
    if (isWatched && isBefore && last !== undefined) last.width += partWidth;
    else if (isWatched) spans.push({ x: index * partWidth, width: partWidth });
    isBefore = isWatched;
  });
  return spans;
}

/** When each mirror was out: a lane each, the watched time pale, incidents in full height. The table below says it in words. */
export function Timeline({ history }: { readonly history: HistoryAnswer }): VNode {
  const reader = useReader();
  const { say, figures } = reader;
  const { period, mirrors, incidents, incidentsLeftOut, series } = history;
  return (
    <figure class="timeline">
      <figcaption>{say('timeline')}</figcaption>
      {mirrors.map((level) => (
        <div class="lane" key={level.mirror}>
          <span class="lane-name" title={level.mirror}>
            {level.mirror}
          </span>
          <Lane
            label={labelOf(level, reader)}
            period={period}
            incidents={incidents.filter(({ mirror }) => mirror === level.mirror)}
            points={series.find(({ mirror }) => mirror === level.mirror)?.points ?? []}
          />
        </div>
      ))}
      <div class="lane-ends quiet">
        <span>{figures.time(period.sinceMs)}</span>
        <span>{figures.time(period.untilMs)}</span>
      </div>
      {incidentsLeftOut > 0 && (
        <p class="note">{say('timelineNewest', { n: figures.count(incidents.length) })}</p>
      )}
    </figure>
  );
}

/** A lane in words. */
function labelOf({ mirror, incidents, downMs }: ServiceLevel, { say, figures }: Reader): string {
  if (incidents === 0) return say('timelineNone', { mirror });
  const down = figures.duration(downMs);
  return incidents === 1
    ? say('timelineOne', { mirror, down })
    : say('timelineLabel', { mirror, n: figures.count(incidents), down });
}

type LaneProps = {
  readonly label: string;
  readonly period: HistoryAnswer['period'];
  readonly incidents: readonly Incident[];
  readonly points: readonly SeriesPoint[];
};

function Lane({ label, period, incidents, points }: LaneProps): VNode {
  const { say, figures } = useReader();
  return (
    <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={label}>
      <rect class="track" y="3" width={WIDTH} height="4" />
      {watchedSpans(points).map((span) => (
        <rect key={span.x} class="watched" y="3" height="4" {...span} />
      ))}
      {incidents.map((incident) => (
        <rect key={incident.startMs} class="out" height={HEIGHT} {...laneSpan(incident, period)}>
          <title>
            {say('incidentHint', {
              time: figures.time(incident.startMs),
              lasted: figures.duration((incident.endMs ?? period.untilMs) - incident.startMs),
              why: incident.why,
            })}
          </title>
        </rect>
      ))}
    </svg>
  );
}
