import type { VNode } from 'preact';
import type { Problem } from '../api/problem.ts';
import { useReader } from '../show/reader.ts';
import type { PlainKey } from '../words/say.ts';

/** What went wrong and what helps, with a way to try again. */
export function ProblemBox(props: {
  readonly problem: Problem;
  readonly title?: PlainKey;
  readonly again?: () => void;
}): VNode {
  const { say } = useReader();
  const { problem, title = 'failedToLoad', again } = props;
  return (
    <div class="problem" role="alert">
      <strong>{say(title)}</strong>
      <p>
        {problem.status === 0 ? say('noAnswer') : problem.message}
        {problem.code !== undefined && <code> {problem.code}</code>}
      </p>
      {problem.hint !== undefined && (
        <p>
          {say('hint')}: {problem.hint}
        </p>
      )}
      {again !== undefined && (
        <button type="button" onClick={again}>
          {say('again')}
        </button>
      )}
    </div>
  );
}
