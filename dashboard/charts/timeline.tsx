import type { VNode } from 'preact';
import type { HistoryAnswer } from '../../src/api/answers.ts';
import type { Incident } from '../../src/history/incidents.ts';
import type { SeriesPoint } from '../../src/history/series.ts';
import { useReader } from '../show/reader.ts';

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

/** When each mirror was out: a lane each, the watched time pale, incidents in full height. The table below says it in words. */
export function Timeline({ history }: { readonly history: HistoryAnswer }): VNode {
  const { say, figures } = useReader();
  const { period, mirrors, incidents, series } = history;
  return (
    <figure class="timeline">
      <figcaption>{say('timeline')}</figcaption>
      {mirrors.map((level) => (
        <div class="lane" key={level.mirror}>
          <span class="lane-name">{level.mirror}</span>
          <Lane
            label={say('timelineLabel', {
              mirror: level.mirror,
              n: figures.count(level.incidents),
              down: figures.duration(level.downMs),
            })}
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
    </figure>
  );
}

type LaneProps = {
  readonly label: string;
  readonly period: HistoryAnswer['period'];
  readonly incidents: readonly Incident[];
  readonly points: readonly SeriesPoint[];
};

function Lane({ label, period, incidents, points }: LaneProps): VNode {
  const partWidth = WIDTH / Math.max(1, points.length);
  return (
    <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={label}>
      <rect class="track" y="3" width={WIDTH} height="4" />
      {points.map(({ startMs, watchedMs }, index) =>
        watchedMs > 0 ? (
          <rect
            key={startMs}
            class="watched"
            x={index * partWidth}
            y="3"
            width={partWidth + 0.5}
            height="4"
          />
        ) : null,
      )}
      {incidents.map((incident) => (
        <rect key={incident.startMs} class="out" height={HEIGHT} {...laneSpan(incident, period)} />
      ))}
    </svg>
  );
}
