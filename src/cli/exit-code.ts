import type { ErrorKind } from '../errors/codes.ts';
import { RondoError } from '../errors/rondo-error.ts';

/** How a command of Rondo ends (spec cli.md). `exec` passes on the code of its command instead. */
export const EXIT = {
  ok: 0,
  /** The command worked, and what it found is not well. */
  findings: 1,
  usage: 2,
  upstream: 3,
  integrity: 4,
  bug: 70,
  /** A shell's own codes for a command that cannot be run, or is not there. */
  notExecutable: 126,
  notFound: 127,
  interrupted: 130,
} as const;

const BY_KIND: Readonly<Record<ErrorKind, number>> = {
  usage: EXIT.usage,
  'not-found': EXIT.findings,
  refused: EXIT.upstream,
  loop: EXIT.upstream,
  upstream: EXIT.upstream,
  timeout: EXIT.upstream,
  unavailable: EXIT.upstream,
  integrity: EXIT.integrity,
  // A full or read-only disk is the user's to mend, like a wrong setting.
  storage: EXIT.usage,
  interrupted: EXIT.interrupted,
  bug: EXIT.bug,
};

/** The exit code for whatever a command has thrown: by its kind; anything but a RondoError is a bug. */
export function exitCodeOf(thrown: unknown): number {
  return thrown instanceof RondoError ? BY_KIND[thrown.kind] : EXIT.bug;
}

/** The exit code of a shell for a command that a signal ended: 128 + its number. */
export function signalExitCode(signalNumber: number): number {
  return 128 + signalNumber;
}
