import type { ComponentChildren, VNode } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { problemIn } from '../api/call-api.ts';
import type { Problem } from '../api/problem.ts';
import { useReader } from '../show/reader.ts';
import { ProblemBox } from './problem-box.tsx';

type ConfirmProps = {
  readonly title: string;
  readonly text: string;
  readonly action: string;
  readonly danger?: boolean;
  readonly children?: ComponentChildren;
  /** Does it; what it rejects with is shown, and the dialog stays. */
  act(form: FormData): Promise<unknown>;
  close(): void;
};

/** Asks before something is done. The browser keeps the focus inside, Escape leaves, and the focus goes back. */
export function Confirm(props: ConfirmProps): VNode {
  const { say } = useReader();
  const { title, text, action, danger = false, children, act, close } = props;
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  const [state, setState] = useState<{ busy: boolean; problem?: Problem }>({ busy: false });
  useEffect(() => dialog.current?.showModal(), []);
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    setState({ busy: true });
    try {
      await act(new FormData(event.target as HTMLFormElement, event.submitter));
      dialog.current?.close();
    } catch (error) {
      setState({ busy: false, problem: problemIn(error) });
    }
  };
  return (
    <dialog ref={dialog} onClose={close} aria-labelledby={`${id}-title`} aria-describedby={`${id}-text`}>
      <form onSubmit={(event) => void submit(event)}>
        <h3 id={`${id}-title`}>{title}</h3>
        <p id={`${id}-text`}>{text}</p>
        {children}
        {state.problem !== undefined && <ProblemBox title="failedToDo" problem={state.problem} />}
        <div class="dialog-buttons">
          <button type="button" onClick={() => dialog.current?.close()}>
            {say('cancel')}
          </button>
          <button type="submit" class={danger ? 'danger' : 'main'} disabled={state.busy}>
            {state.busy ? say('working') : action}
          </button>
        </div>
      </form>
    </dialog>
  );
}
