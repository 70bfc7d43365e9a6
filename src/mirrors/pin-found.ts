import type { Found, Question } from './answer.ts';
import type { Mirror } from './mirror.ts';
import { moduleOf, type PickContext } from './pick-mirror.ts';

type PinContext = Pick<PickContext, 'pins' | 'clock'>;

/** The same, but its mirror goes first for the module once it is complete, and no longer where it was of no use. */
export function pinFound(found: Found, mirror: Mirror, question: Question, context: PinContext): Found {
  return {
    ...found,
    settle(result) {
      found.settle(result);
      if (result.kind === 'complete') pin(mirror, question, context);
      else if (result.kind !== 'abandoned') unpin(mirror, question, context);
    },
  };
}

/** The mirror has failed: it goes first for this module no longer. */
export function unpin(mirror: Mirror, question: Question, { pins }: Pick<PinContext, 'pins'>): void {
  const module = moduleOf(question);
  if (module !== undefined) pins.drop(module, mirror.name);
}

function pin(mirror: Mirror, question: Question, { pins, clock }: PinContext): void {
  const module = moduleOf(question);
  if (module !== undefined) pins.set(module, mirror.name, clock.now());
}
