import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { HistoryAnswer } from '../../src/api/answers.ts';
import type { ServiceLevel } from '../../src/history/service-levels.ts';
import { LatencyChart } from '../charts/latency-chart.tsx';
import { Timeline } from '../charts/timeline.tsx';
import { usePage } from '../live/page.ts';
import { useStore } from '../live/store.ts';
import { useAnswer } from '../live/use-answer.ts';
import { Choice } from '../parts/choice.tsx';
import { ProblemBox } from '../parts/problem-box.tsx';
import { Section } from '../parts/section.tsx';
import { useReader } from '../show/reader.ts';
import { IncidentTable } from './incident-table.tsx';

const PERIODS = ['1h', '24h', '7d', '30d'] as const;
type PeriodName = (typeof PERIODS)[number];
const PARTS: Readonly<Record<PeriodName, number>> = { '1h': 60, '24h': 96, '7d': 168, '30d': 180 };
const EVERY_MS = 60_000;

/** How the mirrors served, over time. */
export function LevelsSection(): VNode {
  const page = usePage();
  const { say } = useReader();
  const [period, setPeriod] = useState<PeriodName>('24h');
  const status = useStore(page.status);
  const incidents = useStore(page.incidents);
  const path = status?.historyKept === true ? `history?since=${period}&parts=${PARTS[period]}` : undefined;
  const { value, problem, again } = useAnswer<HistoryAnswer>(path, incidents, EVERY_MS);
  const tools = (
    <Choice
      name="period"
      label={say('period')}
      value={period}
      options={PERIODS.map((each) => ({ value: each, text: say(`period.${each}`) }))}
      onChoose={(next) => setPeriod(next)}
    />
  );
  return (
    <Section id="levels" title="levels" about="levelsAbout" tools={tools}>
      {status?.historyKept === false ? (
        <p class="empty">{say('historyOff')}</p>
      ) : problem !== undefined ? (
        <ProblemBox problem={problem} again={again} />
      ) : value === undefined ? (
        <p class="empty">{say('loading')}</p>
      ) : value.mirrors.length === 0 ? (
        <p class="empty">{say('levelsNone')}</p>
      ) : (
        <>
          <LevelTable levels={value.mirrors} />
          <Timeline history={value} />
          <IncidentTable history={value} />
          <LatencyChart history={value} />
        </>
      )}
    </Section>
  );
}

function LevelTable({ levels }: { readonly levels: readonly ServiceLevel[] }): VNode {
  const { say, figures } = useReader();
  const optional = (value: number | undefined, shown: (value: number) => string): string =>
    value === undefined ? '–' : shown(value);
  return (
    <div class="table" tabIndex={0} role="group" aria-label={say('levels')}>
      <table>
        <thead>
          <tr>
            <th scope="col">{say('mirror')}</th>
            <th scope="col">{say('uptime')}</th>
            <th scope="col">{say('p50')}</th>
            <th scope="col">{say('p95')}</th>
            <th scope="col">{say('answered')}</th>
            <th scope="col">{say('failed')}</th>
            <th scope="col">{say('incidents')}</th>
            <th scope="col">{say('longest')}</th>
            <th scope="col">{say('worstLag')}</th>
          </tr>
        </thead>
        <tbody>
          {levels.map((level) => (
            <tr key={level.mirror}>
              <th scope="row">{level.mirror}</th>
              <td>
                <strong>{optional(level.uptime, figures.share)}</strong>
              </td>
              <td>{optional(level.p50Ms, figures.latency)}</td>
              <td>{optional(level.p95Ms, figures.latency)}</td>
              <td>{figures.count(level.answered)}</td>
              <td>{figures.count(level.failed)}</td>
              <td>{figures.count(level.incidents)}</td>
              <td>{level.incidents === 0 ? '–' : figures.duration(level.longestIncidentMs)}</td>
              <td>{optional(level.worstLagMs, figures.duration)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
