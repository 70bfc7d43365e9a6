import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { ConfigAnswer } from '../../src/api/answers.ts';
import { usePage } from '../live/page.ts';
import { useAnswer } from '../live/use-answer.ts';
import { Confirm } from '../parts/confirm.tsx';
import { ProblemBox } from '../parts/problem-box.tsx';
import { Section } from '../parts/section.tsx';
import { useReader } from '../show/reader.ts';

/** What is configured and from where. */
export function ConfigSection(): VNode {
  const page = usePage();
  const { say } = useReader();
  const [round, setRound] = useState(0);
  const [isAsking, setAsking] = useState(false);
  const { value, problem, again } = useAnswer<ConfigAnswer>('config', round);
  const reload = async (): Promise<void> => {
    await page.post('reload', {});
    setRound(round + 1);
  };
  const button = (
    <button type="button" onClick={() => setAsking(true)}>
      {say('reload')}
    </button>
  );
  return (
    <Section id="config" title="config" about="configAbout" tools={button}>
      <p role="status" class={round > 0 ? 'done' : 'unseen'}>
        {round > 0 && say('reloaded')}
      </p>
      {problem !== undefined && <ProblemBox problem={problem} again={again} />}
      {value !== undefined && <ConfigValues config={value} />}
      {isAsking && (
        <Confirm
          title={say('reloadTitle')}
          text={say('reloadText')}
          action={say('reloadDo')}
          act={reload}
          close={() => setAsking(false)}
        />
      )}
    </Section>
  );
}

function ConfigValues({ config }: { readonly config: ConfigAnswer }): VNode {
  const { say } = useReader();
  const [filter, setFilter] = useState('');
  const wanted = filter.trim().toLowerCase();
  const shown = config.values
    .map(({ key, value, origin }) => ({ key, value: textOf(value), origin }))
    .filter(({ key, value, origin }) => `${key} ${value} ${origin}`.toLowerCase().includes(wanted));
  return (
    <>
      <p class="quiet">
        {say('configFiles')}: {config.files.length === 0 ? say('configNoFiles') : config.files.join(', ')}
      </p>
      <div class="filter">
        <input
          type="search"
          aria-label={say('configFilter')}
          placeholder={say('configFilter')}
          onInput={({ currentTarget }) => setFilter(currentTarget.value)}
        />
      </div>
      <div class="table tall" tabIndex={0} role="group" aria-label={say('config')}>
        <table>
          <thead>
            <tr>
              <th scope="col">{say('key')}</th>
              <th scope="col">{say('value')}</th>
              <th scope="col">{say('origin')}</th>
            </tr>
          </thead>
          <tbody>
            {shown.map(({ key, value, origin }) => (
              <tr key={key} class={origin === 'default' ? 'plain' : 'set'}>
                <th scope="row">
                  <code>{key}</code>
                </th>
                <td class="words">
                  {value === '' ? <span class="quiet">{say('none')}</span> : <code>{value}</code>}
                </td>
                <td class="words">{origin}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
