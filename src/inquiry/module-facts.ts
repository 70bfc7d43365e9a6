import type { Text } from '../words/text.ts';
import type { DirectNotHad, NotHad } from './facts.ts';

/** What somebody lists of a module. From a mirror or a repository: hostile. */
export type HeldList = {
  readonly kind: 'has';
  /** Tagged versions, each once. */
  readonly versions: readonly string[];
  /** What go takes for the newest: of the tagged ones, else what `@latest` says. */
  readonly newest?: string;
  /** What its `@latest` says, where it says something. */
  readonly latest?: string;
  /** Why one of the two files did not come, and the other did. */
  readonly trouble?: Text | string;
};

/** What everybody lists of one module. */
export type ModuleLists = {
  readonly module: string;
  /** The pattern that makes it private here, so that no mirror hears of it that was not named for it. */
  readonly privateBy: string | undefined;
  /** GONOPROXY matches it, so that go itself asks no proxy for it. */
  readonly isPastProxies?: true;
  readonly mirrors: readonly ({ readonly name: string } & (HeldList | NotHad))[];
  readonly direct: HeldList | DirectNotHad;
};

/** A list with the number of its versions, beside those that are certain. */
export type CountedList = Omit<HeldList, 'versions'> & {
  readonly versions: number;
  /** How many of the versions that are certain it has not. */
  readonly lacks: number;
  /** How its newest version stands to the newest that is certain. */
  readonly standing: 'same' | 'behind' | 'ahead' | 'unknown';
};

/** The lists counted and compared. */
export type ModuleFacts = Omit<ModuleLists, 'mirrors' | 'direct'> & {
  readonly mirrors: readonly ({ readonly name: string } & (CountedList | NotHad))[];
  readonly direct: CountedList | DirectNotHad;
  /** The newest version that is certain; undefined where nobody confirms any. */
  readonly newest: string | undefined;
};

/** One thing that is to be said of a module. */
export type ModuleFinding = {
  readonly kind:
    | 'private'
    | 'no-mirror' // a public one, and no mirror of the chain is for it
    | 'lags' // it lacks what is certain
    | 'ahead' // it has a version that nobody else confirms
    | 'refused'
    | 'failed'
    | 'only-direct'
    | 'not-there'
    | 'well';
  /** Whom it is about. */
  readonly mirrors: readonly string[];
};
