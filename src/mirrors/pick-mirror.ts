import type { FileClass } from '../balance/file-class.ts';
import type { Pins } from '../balance/pins.ts';
import { pick, type CurrentWeights } from '../balance/round-robin.ts';
import type { Question } from './answer.ts';
import type { Mirror } from './mirror.ts';
import { candidateOf, classOf, mayPin, weigh, type WeighContext } from './weights.ts';

/** What all picks share. */
export type PickContext = WeighContext & {
  readonly pins: Pins;
  /** A round robin for each class of file: the weights of one say nothing of another. */
  readonly currents: Readonly<Record<FileClass, CurrentWeights>>;
};

/**
 * The one of `among` whose turn it is, or the one that served this module last. `eligible` are all that may be asked
 * now, against which speed is judged. Undefined only if `among` is empty.
 */
export function pickMirror(
  among: readonly Mirror[],
  eligible: readonly Mirror[],
  { file }: Question,
  context: PickContext,
): Mirror | undefined {
  const { currents, pins, clock, settings } = context;
  const fileClass = classOf(file.kind);
  const compared = [...new Set([...eligible, ...among])];
  const candidates = weigh(compared, fileClass, context)
    .filter(({ mirror }) => among.includes(mirror))
    .map(candidateOf);
  const module = moduleOf({ file });
  const name = module === undefined ? undefined : pins.get(module, clock.now());
  const pinned = among.find((mirror) => mirror.name === name);
  const holds = pinned !== undefined && mayPin(pinned, compared, fileClass, context);
  const picked = pick(currents[fileClass], candidates, holds ? name : undefined, settings.pins.debt);
  return among.find((mirror) => mirror.name === picked?.name);
}

/** The module whose pin counts: the checksum database's own files have none. */
export function moduleOf({ file }: Pick<Question, 'file'>): string | undefined {
  return 'module' in file && file.kind !== 'sumdb-lookup' ? file.module : undefined;
}
