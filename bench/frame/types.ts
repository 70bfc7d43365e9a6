import type { Cleanup } from '../../test/support/temp-folder.ts';

/** The programs that are measured side by side. */
export type SubjectName = 'rondo' | 'goproxy' | 'goproxyio' | 'athens' | 'nginx' | 'haproxy' | 'caddy';

/** How a subject is started. Everything else is what its own documentation gives as normal use. */
export type SubjectStart = {
  /**
   * Base URLs of loopback mirrors, in order. goproxyio takes the first one alone; nginx takes none where it serves files.
   */
  readonly upstreams: readonly string[];
  /** What stands between them, as in GOPROXY; default `,`. */
  readonly separator?: ',' | '|';
  /**
   * Where it keeps its copy, its configuration and its logs (`stdout.log`, `stderr.log`, `access.log`). A
   * second start in the same folder is a warm one. Made where it is missing.
   */
  readonly folder: string;
  /** nginx alone: the folder whose files it serves. */
  readonly served?: string;
  /** GOSUMDB of the subject; default `off`. goproxyio never checks. */
  readonly gosumdb?: string;
  /** Rondo alone: keys of its configuration as environment variables, e.g. RONDO_CACHE_FRESH_TTL. */
  readonly settings?: Readonly<Record<`RONDO_${string}`, string>>;
  /** Added to the environment last; for HTTP(S)_PROXY, SSL_CERT_FILE and the like. */
  readonly env?: Readonly<Record<string, string>>;
  /** A path that must be answered with 200 before `start` resolves; default: any answer of its own pages. */
  readonly firstPath?: string;
  /** Rondo alone: `bundle` (default) is the published form, `sources` the checkout. */
  readonly form?: 'bundle' | 'sources';
};

/** What a process and all below it have used so far. */
export type Usage = {
  /** User and system time, ended children included. */
  readonly cpuSeconds: number;
  /**
   * The greatest resident memory since the start or the last `resetPeak`, in bytes: the sum of VmHWM over the
   * processes that were alive together.
   */
  readonly peakBytes: number;
  /** Resident now, in bytes. */
  readonly residentBytes: number;
};

/** Counts what a process tree uses. */
export type Accounting = {
  /** Undefined where the machine has no /proc. */
  readonly usage: () => Usage | undefined;
  /** Begins a new phase: `peakBytes` counts from now. Without effect where there is no /proc. */
  readonly resetPeak: () => void;
};

/** A subject that answers. */
export type RunningSubject = Accounting & {
  readonly name: SubjectName;
  /** For GOPROXY; without a trailing slash. */
  readonly url: string;
  readonly pid: number;
  readonly folder: string;
  /** From just before it was spawned to its first answer, asked for every 2 ms, in milliseconds. */
  readonly readyAfterMs: number;
  /** Asks it to stop and waits; ends it by force after 10 s. Idempotent, and done by the clean-up too. */
  stop(): Promise<void>;
};

/** A subject that this machine has. */
export type Subject = {
  readonly name: SubjectName;
  /** For tables: `Rondo`, `goproxy/goproxy`. */
  readonly label: string;
  /** As the program tells it; `unknown` where it cannot. */
  readonly version: string;
  /**
   * Starts it on a free port of 127.0.0.1 and resolves once it answers there. Rejects with what it printed
   * where it ends before, or does not answer within 30 s.
   */
  start(options: SubjectStart, cleanup: Cleanup): Promise<RunningSubject>;
};

/** A subject looked for, and what came of it. */
export type SubjectSearch =
  | { readonly state: 'found'; readonly subject: Subject }
  /** `reason` names the variable and the program that were looked for. */
  | {
      readonly state: 'missing';
      readonly name: SubjectName;
      readonly label: string;
      readonly reason: string;
    };

/** Programs other than subjects that a case may need. */
export type ToolName = 'wrk' | 'go';

/**
 * Who a sample is of: a subject's name, or whatever a case sets beside them: `direct`, `mirror-a`, `file`,
 * `prefetch`. The case says what it means in `contestants`.
 */
export type ContestantName = string;

/** A quantity that a case measures. */
export type Measure = {
  /** Short and unique in its case: `mod-per-cpu-second`. */
  readonly key: string;
  /** For people: `requests per CPU-second, .mod and .info`. */
  readonly words: string;
  readonly unit: 's' | 'ms' | 'bytes' | 'bytes/s' | 'requests/s' | '1' | 'per minute' | '%';
};

/** One number of one run. Samples with the same `run` and `measure` are a pair. */
export type Sample = {
  readonly measure: string;
  readonly contestant: ContestantName;
  /** From 0. */
  readonly run: number;
  readonly value: number;
};

/** CPU and memory of one contestant in one phase of a run. */
export type UsageSample = {
  readonly contestant: ContestantName;
  /** What it did: `load`, `cold zip of 50 MiB`. */
  readonly phase: string;
  readonly run: number;
  readonly cpuSeconds: number;
  readonly peakBytes: number;
};

/** What a goal sets the measured value against. Ratios and differences are taken pair by pair, within a run. */
export type GoalReference =
  /** The value itself, in the measure's unit. */
  | { readonly kind: 'value' }
  /** The value divided by that of `to`. */
  | { readonly kind: 'ratio'; readonly to: ContestantName }
  /** The value minus that of `from`, in the measure's unit. */
  | { readonly kind: 'difference'; readonly from: ContestantName };

/** One goal of the performance table. It is met when the median over enough runs meets it, unless it is for every run. */
export type Goal = {
  readonly measure: string;
  /** Whose value; nearly always `rondo`. */
  readonly of: ContestantName;
  readonly reference: GoalReference;
  readonly op: '>=' | '<=';
  readonly value: number;
  /** Each single run must meet it: for what may not happen once, such as a build that fails. */
  readonly every?: true;
  /** As the performance table says it: `>= 1.3x goproxy/goproxy`. */
  readonly words: string;
};

/** What a case is given. */
export type CaseContext = {
  /** How many runs; at least 1. */
  readonly runs: number;
  /** Loads are to be short: the numbers are for trying the case out, not for keeping. */
  readonly quick: boolean;
  /** The repository. */
  readonly root: string;
  /** A folder of this case alone, which goes after it. */
  readonly folder: string;
  /** Hooks run after the case in reverse order, whatever came of it. */
  readonly cleanup: Cleanup;
  /** Aborted when the user interrupts: give up between two runs. */
  readonly signal: AbortSignal;
  /** The subject, or undefined where the machine has none. Rondo is always there. */
  readonly subject: (name: SubjectName) => Subject | undefined;
  /** Those of `names` that are there, in that order. */
  readonly subjects: (...names: readonly SubjectName[]) => Subject[];
  /** How `rondo` is run: node and its program, to which arguments are added. Default the bundle. */
  readonly rondoCommand: (form?: 'bundle' | 'sources') => [program: string, ...args: string[]];
  /** The path of a program. Throws where it is missing: `needs` of the case has been checked before. */
  readonly tool: (name: ToolName) => string;
  /** Keeps one number. Throws where the case declares no such measure, or the value is no finite number. */
  readonly record: (sample: Sample) => void;
  /** Keeps what a phase used; nothing where `before` or `after` is undefined (no /proc). */
  readonly recordUsage: (
    phase: Pick<UsageSample, 'contestant' | 'phase' | 'run'>,
    before: Usage | undefined,
    after: Usage | undefined,
  ) => void;
  /** A sentence for the table and the JSON: a contestant that failed and how, what was left out. */
  readonly note: (words: string) => void;
  /** A line for whoever waits; stderr. */
  readonly progress: (words: string) => void;
};

/** One case of the performance table. */
export type Case = {
  /** As in the table. */
  readonly number: number;
  readonly title: string;
  /** Programs without which the case is skipped, and named so. */
  readonly needs: readonly ToolName[];
  /** Subjects it would like; those that are missing are named. */
  readonly wants: readonly SubjectName[];
  /** What contestants are that are no subjects: name -> words. */
  readonly contestants?: Readonly<Record<ContestantName, string>>;
  readonly measures: readonly Measure[];
  readonly goals: readonly Goal[];
  /** With fewer runs no goal is judged; default 5. */
  readonly minRuns?: number;
  /** How it was measured, sentence by sentence, for whoever reads the numbers. */
  readonly conditions: readonly string[];
  /** Measures. Samples recorded before a rejection are kept. */
  run(context: CaseContext): Promise<void>;
};
