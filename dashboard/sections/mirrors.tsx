import type { VNode } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import type { HistoryAnswer, MirrorShown, MirrorsAnswer } from '../../src/api/answers.ts';
import type { SeriesPoint } from '../../src/history/series.ts';
import { usePage } from '../live/page.ts';
import { useStore } from '../live/store.ts';
import { useAnswer } from '../live/use-answer.ts';
import { useStateWord } from '../parts/state-mark.tsx';
import { Section } from '../parts/section.tsx';
import { useNow } from '../show/now.ts';
import { useReader } from '../show/reader.ts';
import { MirrorRow } from './mirror-row.tsx';

/** So many mirrors fit on a screen; from there on a filter helps. */
const MANY = 8;
const SPARK_PATH = 'history?since=24h&parts=48';
const SPARK_EVERY_MS = 60_000;
const NO_POINTS: readonly SeriesPoint[] = [];

/** Failing ones first, else as they stand in the chain: what needs a look is seen at once. */
const ORDER: Readonly<Record<string, number>> = { HEALTHY: 1, DRAINED: 2 };

function sorted(mirrors: readonly MirrorShown[]): MirrorShown[] {
  return mirrors.toSorted((a, b) => (ORDER[a.status] ?? 0) - (ORDER[b.status] ?? 0) || a.tier - b.tier);
}

/** Whom Rondo asks. */
export function MirrorsSection(): VNode {
  const page = usePage();
  const { say } = useReader();
  const mirrors = useStore(page.mirrors);
  const incidents = useStore(page.incidents);
  const kept = useStore(page.status)?.historyKept === true;
  const { value } = useAnswer<HistoryAnswer>(kept ? SPARK_PATH : undefined, incidents, SPARK_EVERY_MS);
  const points = useMemo(
    () => new Map((value?.series ?? []).map((series) => [series.mirror, series.points])),
    [value],
  );
  return (
    <Section id="mirrors" title="mirrors" about="mirrorsAbout">
      {mirrors === undefined ? (
        <p class="empty">{say('loading')}</p>
      ) : (
        <MirrorList told={mirrors} points={points} />
      )}
    </Section>
  );
}

type ListProps = {
  readonly told: MirrorsAnswer;
  readonly points: ReadonlyMap<string, readonly SeriesPoint[]>;
};

function MirrorList({ told, points }: ListProps): VNode {
  const { say } = useReader();
  const word = useStateWord();
  const [filter, setFilter] = useState('');
  const oldMs = useAge(told);
  const { mirrors } = told;
  const wanted = filter.trim().toLowerCase();
  const shown = sorted(mirrors).filter(({ name, url, status }) =>
    `${name} ${url} ${word(status)}`.toLowerCase().includes(wanted),
  );
  const mostWeight = Math.max(0, ...mirrors.map(({ weight }) => weight));
  if (mirrors.length === 0) return <p class="empty">{say('headNoMirrors')}</p>;
  return (
    <>
      {mirrors.length > MANY && (
        <div class="filter">
          <input
            type="search"
            aria-label={say('filterMirrors')}
            placeholder={say('filterMirrors')}
            onInput={({ currentTarget }) => setFilter(currentTarget.value)}
          />
          <span role="status">{say('filteredMirrors', { shown: shown.length, all: mirrors.length })}</span>
        </div>
      )}
      {shown.length === 0 && <p class="empty">{say('mirrorsNone')}</p>}
      <ul class="mirrors">
        {shown.map((mirror) => (
          <MirrorRow
            key={mirror.name}
            mirror={mirror}
            points={points.get(mirror.name) ?? NO_POINTS}
            mostWeight={mostWeight}
            oldMs={oldMs}
          />
        ))}
      </ul>
    </>
  );
}

/** How long ago what is shown was told, to the second: its countdowns go on between two answers. */
function useAge(told: MirrorsAnswer): number {
  const nowMs = useNow();
  const [at, setAt] = useState({ told, ms: nowMs });
  useEffect(() => setAt({ told, ms: Date.now() }), [told]);
  return at.told === told ? Math.max(0, nowMs - at.ms) : 0;
}
