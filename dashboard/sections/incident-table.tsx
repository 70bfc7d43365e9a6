import type { VNode } from 'preact';
import type { HistoryAnswer } from '../../src/api/answers.ts';
import { useReader } from '../show/reader.ts';

/** All are in `rondo report`. */
const MOST = 200;

/** The timeline in words. */
export function IncidentTable({ history }: { readonly history: HistoryAnswer }): VNode {
  const { say, figures } = useReader();
  const { incidents, incidentsLeftOut, period } = history;
  if (incidents.length === 0) return <p class="empty">{say('incidentsNone')}</p>;
  const newest = incidents.toSorted((a, b) => b.startMs - a.startMs).slice(0, MOST);
  const older = incidents.length - newest.length + incidentsLeftOut;
  return (
    <details class="incidents">
      <summary>{say('incidentTable')}</summary>
      <div class="table" tabIndex={0} role="group" aria-label={say('incidentTable')}>
        <table>
          <thead>
            <tr>
              <th scope="col">{say('mirror')}</th>
              <th scope="col">{say('began')}</th>
              <th scope="col">{say('lasted')}</th>
              <th scope="col">{say('cause')}</th>
              <th scope="col">{say('why')}</th>
            </tr>
          </thead>
          <tbody>
            {newest.map(({ mirror, startMs, endMs, cause, why }) => (
              <tr key={`${mirror} ${startMs}`}>
                <th scope="row">{mirror}</th>
                <td>{figures.time(startMs)}</td>
                <td>
                  {figures.duration((endMs ?? period.untilMs) - startMs)}
                  {endMs === undefined && ` (${say('goesOn')})`}
                </td>
                <td>
                  <code>{cause}</code>
                </td>
                <td class="words">{why}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {older > 0 && (
        <p class="note">
          {say('incidentsOlder', { shown: figures.count(newest.length), older: figures.count(older) })}
        </p>
      )}
    </details>
  );
}
