import { RondoError } from '../errors/rondo-error.ts';
import { createSharedTask } from '../kit/shared-task.ts';
import { say } from '../words/text.ts';
import type { DoctorAnswer } from './answers.ts';
import type { ApiPorts } from './ports.ts';

type Language = Parameters<ApiPorts['doctor']>[0];

/** The doctor of a server, and its end. */
export type SharedDoctor = {
  readonly doctor: ApiPorts['doctor'];
  /** Ends the looks that are under way, for good. */
  readonly end: () => void;
};

/** Has `look` run once at a time for each language, however many ask: each run reads a large file of every mirror. */
export function sharedDoctor(
  look: (language: Language, signal: AbortSignal) => Promise<DoctorAnswer>,
): SharedDoctor {
  const runs = createSharedTask<DoctorAnswer>();
  const ended = new AbortController();
  return {
    doctor: (language) => runs.run(language, () => look(language, ended.signal)),
    end: () => ended.abort(new RondoError('E_INTERRUPTED', say('Rondo is shutting down'))),
  };
}
