import { render } from '../words/render.ts';
import { say, type Text } from '../words/text.ts';
import { stateLine } from './data-line.ts';

/** Something that was not done, and why. */
export type Undone = { readonly state: string; readonly what: Text | string; readonly why: Text | string };

/** Up to so many that have one cause get a line each. */
const FEW = 10;

/**
 * A line for each thing that was not done; but one for all of those, with the first of their names, that have the same
 * state and the same cause. In the order of their first. Pure.
 */
export function linesByCause(undone: readonly Undone[]): Text[] {
  const groups = Map.groupBy(undone, ({ state, why }) => `${state} ${render(why)}`);
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined || group.length <= FEW)
      return group.map(({ state, what, why }) => stateLine(state, what, why));
    const { state, what, why } = first;
    return [stateLine(state, say('{what} and {count} more', { what, count: group.length - 1 }), why)];
  });
}
