import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Cleanup } from '../../test/support/temp-folder.ts';

/** A program of the bench in a process of its own, whose CPU time is nobody's that is measured. */
export type ChildProgram<Call, Result> = {
  /** Rejects with what the child said where it failed, or where it ends before it answers. */
  readonly call: (call: Call) => Promise<Result>;
  /** Idempotent. */
  readonly stop: () => Promise<void>;
};

type Answer<Result> =
  | { readonly id: number; readonly result: Result }
  | { readonly id: number; readonly error: string };

/**
 * Forks `program`, which calls `obeyParent`. It ends with `cleanup`, and with this process however that ends.
 */
export function startChild<Call, Result>(program: URL, cleanup: Cleanup): ChildProgram<Call, Result> {
  const child = fork(fileURLToPath(program), {
    serialization: 'advanced',
    execArgv: [],
    stdio: ['ignore', 2, 2, 'ipc'],
  });
  const waiting = new Map<number, PromiseWithResolvers<Result>>();
  let count = 0;
  const abandon = (error: Error): void => {
    for (const each of waiting.values()) each.reject(error);
    waiting.clear();
  };
  child.on('message', (answer: Answer<Result>) => {
    const asked = waiting.get(answer.id);
    waiting.delete(answer.id);
    if ('error' in answer) asked?.reject(new Error(answer.error));
    else asked?.resolve(answer.result);
  });
  child.on('error', abandon);
  child.on('exit', () => abandon(new Error('a process of the bench has ended too early')));
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  };
  cleanup.after(stop);
  const call = (call: Call): Promise<Result> => {
    if (!child.connected) return Promise.reject(new Error('a process of the bench has ended'));
    count += 1;
    const answer = Promise.withResolvers<Result>();
    waiting.set(count, answer);
    child.send({ id: count, call });
    return answer.promise;
  };
  return { call, stop };
}

/** The child's side: answers each call with what `obey` resolves with, and ends with its parent. */
export function obeyParent(obey: (call: never) => Promise<unknown>): void {
  process.on('disconnect', () => process.exit());
  // A Ctrl-C at the terminal reaches the whole group: the parent decides when this ends.
  process.on('SIGINT', () => {});
  process.on('message', ({ id, call }: { id: number; call: unknown }) => {
    // The parent's calls have the type that `obey` takes: startChild and obeyParent are given the same one.
    obey(call as never).then(
      (result) => process.send?.({ id, result }),
      (error: unknown) =>
        process.send?.({ id, error: error instanceof Error ? error.message : String(error) }),
    );
  });
}
