import { render } from '../words/render.ts';
import type { Text } from '../words/text.ts';

/** Something that is not well, or worth knowing. */
export type Finding = {
  /** Stable, for scripts: `go.missing`. */
  readonly id: string;
  /** `finding`: it should be mended. `note`: it may be meant. */
  readonly level: 'finding' | 'note';
  /** One line: what it is. */
  readonly what: Text | string;
  /** What was seen, a line each; some of it by others. */
  readonly evidence: readonly (Text | string)[];
  /** The command or change that mends it. */
  readonly fix?: Text | string;
  /** That it can be done without harm, and undone: `doctor --fix` offers it. */
  readonly safe?: SafeFix;
};

/** What `doctor --fix` can do by itself. */
export type SafeFix = {
  /** A setting that `go env -w` wrote, and `go env -u` takes back. */
  readonly unset: string;
};

/** A finding for scripts: in English, whatever language is spoken. Pure. */
export function findingPage({ what, evidence, fix, ...rest }: Finding): object {
  return {
    ...rest,
    what: render(what),
    evidence: evidence.map((each) => render(each)),
    ...(fix === undefined ? {} : { fix: render(fix) }),
  };
}

/** The text of a setting as it may be shown: whoever puts a password into a URL does not mean to publish it. Pure. */
export function withoutLogins(value: string): string {
  return value.replaceAll(/\/\/[^/@,|\s]*@/g, '//…@');
}
