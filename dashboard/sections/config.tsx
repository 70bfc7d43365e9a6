import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { ConfigAnswer, ReloadShown } from '../../src/api/answers.ts';
import { usePage } from '../live/page.ts';
import { useAnswer } from '../live/use-answer.ts';
import { Choice } from '../parts/choice.tsx';
import { Confirm } from '../parts/confirm.tsx';
import { ProblemBox } from '../parts/problem-box.tsx';
import { Section } from '../parts/section.tsx';
import { useReader } from '../show/reader.ts';

/** A file that changes is read again without an order. */
const EVERY_MS = 60_000;

/** What is configured and from where. */
export function ConfigSection(): VNode {
  const page = usePage();
  const { say } = useReader();
  const [round, setRound] = useState(0);
  const [isAsking, setAsking] = useState(false);
  const { value, problem, again } = useAnswer<ConfigAnswer>('config', round, EVERY_MS);
  const [reloaded, setReloaded] = useState<ReloadShown>();
  const reload = async (): Promise<void> => {
    setReloaded(await page.post<ReloadShown>('reload', {}));
    setRound(round + 1);
  };
  const button = (
    <button type="button" onClick={() => setAsking(true)}>
      {say('reload')}
    </button>
  );
  return (
    <Section id="config" title="config" about="configAbout" tools={button}>
      <div role="status" class={reloaded === undefined ? 'unseen' : ''}>
        {reloaded !== undefined && <Reloaded answer={reloaded} />}
      </div>
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

/** What came of reading the configuration again. */
function Reloaded({ answer }: { readonly answer: ReloadShown }): VNode {
  const { say } = useReader();
  const { result, changed, needsRestart, warnings } = answer;
  return (
    <>
      {result === 'unchanged' && <p class="done">{say('reloadedSame')}</p>}
      {changed.length > 0 && <p class="done">{say('reloaded', { changes: changed.join(', ') })}</p>}
      {needsRestart.length > 0 && (
        <p class="message warn">{say('reloadedRestart', { keys: needsRestart.join(', ') })}</p>
      )}
      {warnings.map((each) => (
        <p class="message warn" key={each}>
          <span>
            <strong>{say('warning')}</strong> {each}
          </span>
        </p>
      ))}
    </>
  );
}

/** As the API writes what is secret. */
const HIDDEN = '(hidden)';

/** What of the values is shown. */
type Kind = 'all' | 'set';

function ConfigValues({ config }: { readonly config: ConfigAnswer }): VNode {
  const { say } = useReader();
  const [filter, setFilter] = useState('');
  const [kind, setKind] = useState<Kind>('all');
  const wanted = filter.trim().toLowerCase();
  const shown = config.values.filter(
    ({ key, value, origin, isDefault }) =>
      (kind === 'all' || !isDefault) && `${key} ${value ?? ''} ${origin}`.toLowerCase().includes(wanted),
  );
  return (
    <>
      <p class="quiet">
        {config.files.length === 0
          ? say('configNoFiles')
          : say('configFiles', { files: config.files.join(', ') })}
      </p>
      <div class="filter">
        <input
          type="search"
          aria-label={say('configFilter')}
          placeholder={say('configFilter')}
          onInput={({ currentTarget }) => setFilter(currentTarget.value)}
        />
        <Choice
          name="config"
          label={say('configShown')}
          value={kind}
          options={[
            { value: 'all', text: say('configAll') },
            { value: 'set', text: say('configSet') },
          ]}
          onChoose={setKind}
        />
      </div>
      {shown.length === 0 ? <p class="empty">{say('configNone')}</p> : <ConfigTable values={shown} />}
    </>
  );
}

function ConfigTable({ values }: { readonly values: ConfigAnswer['values'] }): VNode {
  const { say } = useReader();
  return (
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
          {values.map(({ key, value, origin, isDefault }) => (
            <tr key={key} class={isDefault ? 'plain' : 'set'}>
              <th scope="row">
                <code>{key}</code>
              </th>
              <td class="words">
                {value === null || value === '' || value === HIDDEN ? (
                  <span class="quiet">{say(value === HIDDEN ? 'hidden' : 'none')}</span>
                ) : (
                  <code>{value}</code>
                )}
              </td>
              <td class="words">{origin}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
