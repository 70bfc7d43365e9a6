import { KEYS } from '../config/keys.ts';
import type { FlagText } from '../config/read-values.ts';
import { RondoError } from '../errors/rondo-error.ts';
import { shellWord } from '../kit/shell-word.ts';
import { meantBy } from './meant-by.ts';
import type { Shell } from './shell-lines.ts';
import { say } from '../words/text.ts';

/** The flags of all commands, as commander hands them over: each command has some of them (commands.ts). */
export type Flags = {
  readonly config?: string;
  readonly cacheDir?: string;
  readonly host?: string;
  readonly port?: number;
  /** `key=value` each. */
  readonly set?: readonly string[];
  readonly offline?: boolean;
  readonly json?: boolean;
  readonly watch?: boolean;
  readonly force?: boolean;
  readonly yes?: boolean;
  readonly addPublic?: boolean;
  readonly chainOnly?: boolean;
  readonly setGoEnv?: boolean;
  /** Of `mirrors drain`, a duration in milliseconds. */
  readonly for?: number;
  /** Of `report`, a duration in milliseconds. */
  readonly since?: number;
  readonly format?: 'table' | 'json' | 'html';
  /** Of `cache verify`. */
  readonly repair?: boolean;
  /** Of `cache import`. */
  readonly unverified?: boolean;
  /** Of `cache export`: files. */
  readonly goSum?: readonly string[];
  /** Of `cache ls`. */
  readonly sort?: 'name' | 'size' | 'last';
  /** Of `cache gc`, in bytes. */
  readonly maxSize?: number;
  readonly minFree?: number;
  readonly dryRun?: boolean;
  /** Of `doctor`. */
  readonly fix?: boolean;
  /** Of `why` and `doctor`: false for --no-direct. */
  readonly direct?: boolean;
  /** Of `exec`. */
  readonly prefetch?: boolean;
  /** Of `toolchain`. */
  readonly dir?: string;
  readonly os?: string;
  readonly arch?: string;
  /** Of `env`. */
  readonly shell?: Shell;
  readonly write?: boolean;
  readonly undo?: boolean;
  /** Of `sync`. */
  readonly jobs?: number;
  readonly target?: string;
  readonly vendor?: boolean;
  readonly toolchain?: string;
  /** In milliseconds. */
  readonly every?: number;
  /** Of `config show`. */
  readonly origin?: boolean;
};

/**
 * What the flags say of configuration keys: those that have a flag of their own in keys.ts, and `--set`,
 * which has every key but those of the chain. The flag of its own wins.
 * @throws RondoError E_USAGE for a --set that is not `key=value`, or names no key.
 */
export function flagTexts(flags: Flags): ReadonlyMap<string, FlagText> {
  const texts = new Map((flags.set ?? []).map(setText));
  const given: Readonly<Record<string, unknown>> = flags;
  for (const [path, { flag: syntax }] of KEYS) {
    const flag = syntax?.split(' ')[0] ?? '';
    const value = given[propertyOf(flag)];
    if (typeof value === 'string') texts.set(path, { text: value, flag });
    else if (value === true) texts.set(path, { text: 'true', flag });
  }
  return texts;
}

function setText(word: string): [path: string, text: FlagText] {
  const [, path = '', text = ''] = /^([^=]*)=(.*)$/s.exec(word) ?? [];
  if (path === 'server.listen') {
    throw new RondoError('E_USAGE', say('--set does not take server.listen'), {
      hint: say('RONDO_SERVER_LISTEN={text} rondo …', { text: shellWord(text) }),
    });
  }
  if (path === 'proxy') {
    throw new RondoError('E_USAGE', say('--set does not take proxy: the chain has levels of its own'), {
      hint: say('GOPROXY_OVERRIDE={text} rondo …', { text: shellWord(text) }),
    });
  }
  if (path.startsWith('mirror.')) {
    throw new RondoError('E_USAGE', say('--set does not take the keys of a mirror'), {
      hint: say('write them below [mirror "…"] into a .goproxy, and name that with --config'),
    });
  }
  if (KEYS.has(path)) return [path, { text, flag: `--set ${path}` }];
  if (path === '') {
    throw new RondoError('E_USAGE', say('--set {word} is not of the form key=value', { word }), {
      hint: say('for example {example}', { example: '--set cache.hold=10s' }),
    });
  }
  const meant = meantBy(path, [...KEYS.keys()]);
  const hint =
    meant === undefined
      ? say('for example {example}', { example: '--set cache.hold=10s' })
      : say('did you mean {meant}?', { meant });
  throw new RondoError('E_USAGE', say('--set {path}: there is no such key', { path }), { hint });
}

/** commander's name of a flag's value: `--cache-dir` gives `cacheDir`. */
function propertyOf(flag: string): string {
  return flag.replace(/^--/, '').replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
