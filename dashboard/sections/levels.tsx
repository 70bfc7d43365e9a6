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
import { useReader, type Reader } from '../show/reader.ts';
import type { PlainKey } from '../words/say.ts';
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

/** A column of the table; a value that is not known is undefined. */
type Column = { readonly name: PlainKey; readonly of: (level: ServiceLevel) => string | undefined };

function columnsOf({ say, figures }: Reader): readonly Column[] {
  const known = (value: number | undefined, shown: (value: number) => string): string | undefined =>
    value === undefined ? undefined : shown(value);
  const failedOf = ({ answered, failed }: ServiceLevel): string =>
    failed === 0
      ? figures.count(0)
      : say('failedShare', { n: figures.count(failed), share: figures.share(failed / (answered + failed)) });
  return [
    { name: 'uptime', of: ({ uptime }) => known(uptime, figures.share) },
    { name: 'p50', of: ({ p50Ms }) => known(p50Ms, figures.latency) },
    { name: 'p95', of: ({ p95Ms }) => known(p95Ms, figures.latency) },
    { name: 'requestsSent', of: ({ answered, failed }) => figures.count(answered + failed) },
    { name: 'failed', of: failedOf },
    { name: 'incidents', of: ({ incidents }) => figures.count(incidents) },
    {
      name: 'longest',
      of: ({ incidents, longestIncidentMs }) =>
        incidents === 0 ? undefined : figures.duration(longestIncidentMs),
    },
    { name: 'worstLag', of: ({ worstLagMs }) => known(worstLagMs, figures.duration) },
  ];
}

/** The figures, a mirror a row. A column of which no mirror has anything is left out. */
function LevelTable({ levels }: { readonly levels: readonly ServiceLevel[] }): VNode {
  const reader = useReader();
  const { say } = reader;
  const columns = columnsOf(reader).filter(({ of }) => levels.some((level) => of(level) !== undefined));
  return (
    <>
      <div class="table" tabIndex={0} role="group" aria-label={say('levels')}>
        <table>
          <thead>
            <tr>
              <th scope="col">{say('mirror')}</th>
              {columns.map(({ name }) => (
                <th key={name} scope="col">
                  {say(name)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {levels.map((level) => (
              <tr key={level.mirror}>
                <th scope="row" title={level.mirror}>
                  {level.mirror}
                </th>
                {columns.map(({ name, of }) => (
                  <td key={name}>{of(level) ?? '–'}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p class="note">{say('levelsNote')}</p>
    </>
  );
}
