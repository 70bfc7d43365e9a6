import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';

/** What `npm test -- …` was asked for. */
export type TestArguments = {
  /** The repository; the working folder unless `--root` says otherwise. */
  readonly root: string;
  /** Parts of paths; a file is run if its path contains one of them. None: all files. */
  readonly filters: readonly string[];
  /** Test files that run at the same time. */
  readonly jobs: number;
  /** A file that takes longer is ended and counts as a failure. */
  readonly fileTimeoutMs: number;
  /** Regular expressions of test names. */
  readonly namePatterns: readonly string[];
  /** Rondo's processes are those of the published form (scripts/building/published-form.ts), not of the sources. */
  readonly published: boolean;
  /** Everything else that begins with a dash, handed to the node of each test file. */
  readonly nodeFlags: readonly string[];
};

const DEFAULT_FILE_TIMEOUT_S = 300;

/** Many tests wait for real processes, so two at a time pay even on one core; more than eight only fight. */
function defaultJobs(): number {
  return Math.min(8, Math.max(2, availableParallelism()));
}

function positive(flag: string, text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) throw new Error(`${flag} needs a positive number, not ${text}`);
  return value;
}

/**
 * Reads the arguments of scripts/test.ts: `--root=FOLDER`, `--jobs=N`, `--file-timeout=SECONDS`,
 * `--published`, `--test-name-pattern=REGEXP`, flags of node, and parts of paths. Throws an Error that can be shown.
 */
export function parseTestArguments(argv: readonly string[]): TestArguments {
  const filters: string[] = [];
  const namePatterns: string[] = [];
  const nodeFlags: string[] = [];
  let root = '.';
  let jobs = defaultJobs();
  let published = false;
  let fileTimeoutMs = DEFAULT_FILE_TIMEOUT_S * 1000;
  for (const argument of argv) {
    const [flag = '', value = ''] = argument.split(/=(.*)/s);
    if (flag === '--jobs') jobs = Math.ceil(positive(flag, value));
    else if (flag === '--file-timeout') fileTimeoutMs = positive(flag, value) * 1000;
    else if (flag === '--root') root = value;
    else if (argument === '--published') published = true;
    else if (flag === '--test-name-pattern') namePatterns.push(value);
    else if (argument.startsWith('-')) nodeFlags.push(argument);
    else filters.push(argument);
  }
  return { root: resolve(root), filters, jobs, fileTimeoutMs, namePatterns, published, nodeFlags };
}
