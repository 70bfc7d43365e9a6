import { ALL_BAD } from './all-bad.ts';
import { ONE_BAD } from './one-bad.ts';
import type { Scenario } from './scenario.ts';

/** All scenarios, the everyday ones first. */
export const SCENARIOS: readonly Scenario[] = [...ONE_BAD, ...ALL_BAD];
