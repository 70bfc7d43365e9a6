/** Something that is not well, or worth knowing. */
export type Finding = {
  /** Stable, for scripts: `go.missing`. */
  readonly id: string;
  /** `finding`: it should be mended. `note`: it may be meant. */
  readonly level: 'finding' | 'note';
  /** One line: what it is. */
  readonly what: string;
  /** What was seen, a line each; some of it by others: printable already. */
  readonly evidence: readonly string[];
  /** The command or change that mends it. */
  readonly fix?: string;
  /** That it can be done without harm, and undone: `doctor --fix` offers it. */
  readonly safe?: SafeFix;
};

/** What `doctor --fix` can do by itself. */
export type SafeFix = {
  /** A setting that `go env -w` wrote, and `go env -u` takes back. */
  readonly unset: string;
};
