import type { VNode } from 'preact';
import type { FileShown, VersionsAnswer } from '../../src/api/answers.ts';
import { useAnswer } from '../live/use-answer.ts';
import { ProblemBox } from '../parts/problem-box.tsx';
import { useReader } from '../show/reader.ts';
import type { Say } from '../words/say.ts';

type KeptProps = {
  readonly module: string;
  /** Only versions that have this in them; empty: all. */
  readonly wanted: string;
  /** Goes up when something was purged. */
  readonly round: number;
  purge(version: string): void;
};

/** The versions of a module that are in the copy, with their files. */
export function KeptVersions({ module, wanted, round, purge }: KeptProps): VNode {
  const { say, figures } = useReader();
  const path = `modules/versions?module=${encodeURIComponent(module)}`;
  const { value, problem, again } = useAnswer<VersionsAnswer>(path, round);
  if (problem !== undefined) return <ProblemBox problem={problem} again={again} />;
  if (value === undefined) return <p class="empty">{say('loading')}</p>;
  const versions = value.versions.filter(({ version }) =>
    version.toLowerCase().includes(wanted.toLowerCase()),
  );
  const rows = versions.flatMap(({ version, files }) =>
    files.map((file, index) => ({ version, file, isFirst: index === 0, count: files.length })),
  );
  return (
    <div class="table" tabIndex={0} role="group" aria-label={module}>
      <table>
        <thead>
          <tr>
            <th scope="col">{say('version')}</th>
            <th scope="col">{say('file')}</th>
            <th scope="col">{say('size')}</th>
            <th scope="col">{say('hash')}</th>
            <th scope="col">{say('proof')}</th>
            <th scope="col">{say('servedBy')}</th>
            <th scope="col">{say('kept')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ version, file, isFirst, count }) => (
            <tr key={`${version} ${file.kind}`} class={isFirst ? 'first' : ''}>
              {isFirst && (
                <th scope="rowgroup" rowSpan={count}>
                  <span class="path">{version}</span>
                  <button type="button" class="small" onClick={() => purge(version)}>
                    {say('purge')}
                    <span class="unseen">
                      {' '}
                      {module}@{version}
                    </span>
                  </button>
                </th>
              )}
              <td>
                <span class="tag">{file.kind}</span>
              </td>
              <td>{figures.bytes(file.bytes)}</td>
              <td>
                <code class="hash">{file.hash ?? '–'}</code>
              </td>
              <td>{proofOf(file, say)}</td>
              <td>{file.mirror ?? say('unknown')}</td>
              <td>{file.keptAtMs === undefined ? '–' : figures.time(file.keptAtMs)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function proofOf({ verified }: FileShown, say: Say): string {
  return verified === undefined || verified === 'none' ? say('unproven') : say(`proof.${verified}`);
}
