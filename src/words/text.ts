import type { Sentence, Slots, Value } from './sentences.ts';

/** Words for people, in no language yet: a sentence of the table with its slots filled, or several of them. */
export type Text =
  | { readonly sentence: Sentence; readonly values: Readonly<Record<string, Value>> }
  | { readonly list: readonly (Text | string)[]; readonly between: Between };

/** What stands between the parts of a list. */
export type Between = ', ' | '; ' | ' and ' | ' or ';

/** A sentence of the table (zh.ts has them all, each with its translation), its slots filled. */
export function say<S extends Sentence>(
  sentence: S,
  ...[values]: keyof Slots<S> extends never ? [] : [values: Slots<S>]
): Text {
  return { sentence, values: values ?? {} };
}

/** The sentence for one or the one for several, both with the slot `count`. */
export function many<One extends Sentence, More extends Sentence>(
  count: number,
  one: One,
  more: More,
  ...[values]: Exclude<keyof Slots<One> | keyof Slots<More>, 'count'> extends never
    ? []
    : [values: Omit<Slots<One> & Slots<More>, 'count'>]
): Text {
  return { sentence: count === 1 ? one : more, values: { ...values, count } };
}

/** Several texts or names in a row. */
export function listed(list: readonly (Text | string)[], between: Between = ', '): Text {
  return { list, between };
}
