/** Something that was not done, and why. */
export type Undone = { readonly state: string; readonly what: string; readonly why: string };

/** Up to so many that have one cause get a line each. */
const FEW = 10;

/**
 * A line for each thing that was not done; but one for all of those, with the first of their names, that have the same
 * state and the same cause. In the order of their first. Pure.
 */
export function linesByCause(undone: readonly Undone[]): string[] {
  const groups = Map.groupBy(undone, ({ state, why }) => `${state} ${why}`);
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined || group.length <= FEW) {
      return group.map(({ state, what, why }) => `${state.toUpperCase()}  ${what}: ${why}`);
    }
    const { state, what, why } = first;
    return [`${state.toUpperCase()}  ${what} and ${group.length - 1} more: ${why}`];
  });
}
