import stringWidth from 'string-width';
import type { Config } from '../config/config.ts';
import { printable } from '../config/quote.ts';
import { shellWord } from '../kit/shell-word.ts';
import { render, type Table } from '../words/render.ts';
import { listed, say, type Text } from '../words/text.ts';
import type { GoVariables } from './go-settings-for.ts';
import { originText } from '../config/origin-text.ts';

/** What the banner of `serve` tells. */
export type BannerFacts = {
  readonly version: string;
  readonly startedInMs: number;
  /** The address, base path included. */
  readonly url: string;
  readonly config: Pick<Config, 'chain' | 'cache'>;
  readonly offline: boolean;
  /** More that a person should know, a line each. */
  readonly notes: readonly Text[];
  /** What a go command is to be told. */
  readonly variables: GoVariables;
  /** The environment of this process. */
  readonly env: Readonly<Record<string, string | undefined>>;
};

/** Words for people, and the lines to paste. */
export type Banner = { readonly words: string; readonly data: string };

const LABELS = [say('address'), say('mirrors'), say('from'), say('copy'), say('note')] as const;

/** The banner of `serve`, in the language of `table`. Pure. */
export function banner(facts: BannerFacts, table?: Table): Banner {
  const { chain, cache } = facts.config;
  const [address, mirrors, from, copy, note] = LABELS;
  const width = Math.max(...LABELS.map((label) => stringWidth(render(label, table))));
  const line = (label: Text, text: Text | string): string => {
    const word = render(label, table);
    return `  ${word}${' '.repeat(width - stringWidth(word))}  ${printable(render(text, table), 1000)}`;
  };
  const variables = Object.entries(facts.variables);
  const hiding = variables.map(([name]) => name).filter((name) => facts.env[name]);
  const hidden = say('{names} in the environment hides what go env -w sets: unset it where go runs', {
    names: listed(hiding, ' and '),
  });
  const notes = [...facts.notes, ...(hiding.length === 0 ? [] : [hidden])];
  const dir = printable(cache.dir);
  const paste =
    variables.length > 1 ? say('Paste these once, and go uses it:') : say('Paste this once, and go uses it:');
  const started = say('rondo {version}, started in {ms} ms', {
    version: facts.version,
    ms: Math.round(facts.startedInMs),
  });
  const words = [
    render(started, table),
    line(address, say('{url} (the dashboard, in a browser)', { url: facts.url })),
    line(mirrors, chainWords(chain)),
    line(from, originText(printable(chain.origin))),
    line(copy, facts.offline ? say('{dir} (offline: nothing else is asked)', { dir }) : dir),
    ...notes.map((each) => line(note, each)),
    render(paste, table),
  ];
  return { words: `${words.join('\n')}\n`, data: `${goEnvLines(facts.variables).join('\n')}\n` };
}

function chainWords({ mirrors, end }: BannerFacts['config']['chain']): Text | string {
  const names =
    mirrors.length === 0 ? say('none') : printable(mirrors.map(({ name }) => name).join(', '), 1000);
  return end === undefined
    ? names
    : say('{mirrors}, then {end} (by the go command)', { mirrors: names, end });
}

/** The lines to paste that set these variables for every go command of the user. Pure. */
export function goEnvLines(variables: GoVariables): string[] {
  return Object.entries(variables).map(([name, value]) => `go env -w ${shellWord(`${name}=${value}`)}`);
}
