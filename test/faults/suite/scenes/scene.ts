import type { Cleanup } from '../../../support/temp-folder.ts';
import type { Line } from '../line.ts';
import type { SuiteBench } from '../suite-bench.ts';

/** A row of the table that needs more than mirrors and a load: what it does and asserts is a function. */
export type Scene = {
  /** As the name of a Row. */
  readonly name: string;
  /** What is wrong. */
  readonly what: string;
  /** Asserts what must hold, and resolves with what a reader should see. */
  run(t: Cleanup, bench: SuiteBench): Promise<Omit<Line, 'name' | 'what'>>;
};
