import type { Config } from '../config/config.ts';
import { printable } from '../config/quote.ts';
import { shellWord } from '../kit/shell-word.ts';
import type { GoVariables } from './go-settings-for.ts';

/** What the banner of `serve` tells. */
export type BannerFacts = {
  readonly version: string;
  readonly startedInMs: number;
  /** The address, base path included. */
  readonly url: string;
  readonly config: Pick<Config, 'chain' | 'cache'>;
  readonly offline: boolean;
  /** More that a person should know, a line each. */
  readonly notes: readonly string[];
  /** What a go command is to be told. */
  readonly variables: GoVariables;
  /** The environment of this process. */
  readonly env: Readonly<Record<string, string | undefined>>;
};

/** Words for people, and the lines to paste. */
export type Banner = { readonly words: string; readonly data: string };

/** The banner of `serve`. Pure. */
export function banner(facts: BannerFacts): Banner {
  const { chain, cache } = facts.config;
  const names = chain.mirrors.map(({ name }) => name).join(', ') || 'none';
  const end = chain.end === undefined ? '' : `, then ${chain.end} (by the go command)`;
  const variables = Object.entries(facts.variables);
  const hiding = variables.map(([name]) => name).filter((name) => facts.env[name]);
  const hidden = `${hiding.join(' and ')} in the environment hides what go env -w sets: unset it where go runs`;
  const notes = [...facts.notes, ...(hiding.length === 0 ? [] : [hidden])];
  const words = [
    `rondo ${facts.version}, started in ${Math.round(facts.startedInMs)} ms`,
    `  address  ${facts.url}`,
    `  mirrors  ${printable(names, 1000)}${end}`,
    `  from     ${printable(chain.origin)}`,
    `  copy     ${printable(cache.dir)}${facts.offline ? ' (offline: nothing else is asked)' : ''}`,
    ...notes.map((note) => `  note     ${printable(note, 1000)}`),
    variables.length > 1 ? 'Paste these once, and go uses it:' : 'Paste this once, and go uses it:',
  ];
  return { words: `${words.join('\n')}\n`, data: `${goEnvLines(facts.variables).join('\n')}\n` };
}

/** The lines to paste that set these variables for every go command of the user. Pure. */
export function goEnvLines(variables: GoVariables): string[] {
  return Object.entries(variables).map(([name, value]) => `go env -w ${shellWord(`${name}=${value}`)}`);
}
