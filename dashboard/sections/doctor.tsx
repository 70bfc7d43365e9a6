import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { problemIn } from '../api/call-api.ts';
import type { DoctorAnswer, FindingShown } from '../../src/api/answers.ts';
import type { Problem } from '../api/problem.ts';
import { usePage } from '../live/page.ts';
import { CopyLine } from '../parts/copy-line.tsx';
import { ProblemBox } from '../parts/problem-box.tsx';
import { Section } from '../parts/section.tsx';
import { useReader } from '../show/reader.ts';

type Examination =
  | { readonly kind: 'none' }
  | { readonly kind: 'running' }
  | { readonly kind: 'failed'; readonly problem: Problem }
  | { readonly kind: 'done'; readonly findings: readonly FindingShown[] };

/** `rondo doctor`, from the page. */
export function DoctorSection(): VNode {
  const page = usePage();
  const { say } = useReader();
  const [state, setState] = useState<Examination>({ kind: 'none' });
  const run = async (): Promise<void> => {
    setState({ kind: 'running' });
    try {
      setState({ kind: 'done', findings: (await page.post<DoctorAnswer>('doctor', {})).findings });
    } catch (error) {
      setState({ kind: 'failed', problem: problemIn(error) });
    }
  };
  const isRunning = state.kind === 'running';
  const button = (
    <button type="button" class="main" aria-disabled={isRunning} onClick={() => !isRunning && void run()}>
      {say(isRunning ? 'doctorRunning' : 'doctorRun')}
    </button>
  );
  return (
    <Section id="doctor" title="navDoctor" about="doctorAbout" tools={button}>
      <div aria-live="polite">
        {state.kind === 'none' && <p class="empty">{say('doctorIdle')}</p>}
        {state.kind === 'running' && <p class="empty">{say('doctorRunning')}</p>}
        {state.kind === 'failed' && (
          <ProblemBox title="failedToDo" problem={state.problem} again={() => void run()} />
        )}
        {state.kind === 'done' && (
          <p class={state.findings.length === 0 ? 'done' : 'found'}>
            {state.findings.length === 0
              ? say('doctorNone')
              : state.findings.length === 1
                ? say('doctorCountOne')
                : say('doctorCount', { n: state.findings.length })}
          </p>
        )}
      </div>
      {state.kind === 'done' && state.findings.length > 0 && (
        <ul class="findings">
          {state.findings.map((finding, index) => (
            <FindingRow key={`${finding.id} ${index}`} finding={finding} />
          ))}
        </ul>
      )}
    </Section>
  );
}

function FindingRow({ finding }: { readonly finding: FindingShown }): VNode {
  const { say } = useReader();
  const { id, level, what, evidence, fix, fixKind } = finding;
  return (
    <li>
      <h3>
        <span class={`tag ${level === 'finding' ? 'bad' : 'idle'}`}>
          {say(level === 'finding' ? 'finding' : 'note')}
        </span>{' '}
        {what} <code class="quiet">{id}</code>
      </h3>
      {evidence.length > 0 && (
        <>
          <h4>{say('evidence')}</h4>
          <ul class="evidence">
            {evidence.map((each) => (
              <li key={each}>{each}</li>
            ))}
          </ul>
        </>
      )}
      {fix !== undefined && (
        <>
          <h4>{say('fix')}</h4>
          {fixKind === 'advice' ? <p>{fix}</p> : <CopyLine text={fix} />}
        </>
      )}
    </li>
  );
}
