import { readFileSync } from 'node:fs';
import { run } from 'node:test';
import type { TestEvent } from 'node:test/reporters';
import { join } from 'node:path';
import { inspect } from 'node:util';

/** One test that failed, or the file itself. */
export type Failure = { readonly name: string; readonly error: string };

/** How one test file ended. The numbers count tests, not suites. */
export type FileResult = {
  readonly file: string;
  readonly durationMs: number;
  readonly passed: number;
  readonly failures: readonly Failure[];
  /** Tests that were not run, with the reason: marked `skip` or `todo`, or in need of what is not here. */
  readonly leftOut: readonly string[];
  /** The end of what the file printed, and its diagnostics (the seed of a random run). */
  readonly output: string;
};

/** What a run of one file needs to know. */
export type FileRun = {
  readonly root: string;
  /** Relative to `root`. */
  readonly file: string;
  readonly timeoutMs: number;
  /**
   * An empty file for this test file alone. Its process finds the name in RONDO_LEFT_OUT and appends a line
   * a test that it leaves out (test/support/requirements.ts).
   */
  readonly leftOutFile: string;
  readonly namePatterns: readonly string[];
  readonly nodeFlags: readonly string[];
  readonly signal: AbortSignal;
};

/** How long an ended file has for its own clean-up before its results are taken as they are. */
const END_GRACE_MS = 10_000;

const MAX_OUTPUT_CHARS = 64 * 1024;

/** node's own totals arrive as diagnostics too. */
const NODE_TOTAL = /^(tests|suites|pass|fail|cancelled|skipped|todo|duration_ms) /;

type Ended = Extract<TestEvent, { type: 'test:pass' | 'test:fail' }>;
type Failed = Extract<TestEvent, { type: 'test:fail' }>;

/** Counts the events of one file. */
class Tally {
  readonly #path: string;
  readonly #names: string[] = [];
  passed = 0;
  readonly failures: Failure[] = [];
  readonly leftOut: string[] = [];
  output = '';
  /** The process of the file told its totals: it lived to the end of its tests. */
  finished = false;
  fileFailed = false;
  /** The test that began last: what a file that hangs most likely hangs in. */
  begun = '';

  constructor(path: string) {
    this.#path = path;
  }

  add(event: TestEvent): void {
    if (event.type === 'test:dequeue') {
      if (event.data.name !== this.#path) this.begun = event.data.name;
    } else if (event.type === 'test:start') this.#names[event.data.nesting] = event.data.name;
    else if (event.type === 'test:pass' || event.type === 'test:fail') this.#end(event);
    else if (event.type === 'test:summary') this.finished ||= event.data.file !== undefined;
    else if (event.type === 'test:stdout' || event.type === 'test:stderr') this.#print(event.data.message);
    else if (event.type === 'test:diagnostic' && !NODE_TOTAL.test(event.data.message))
      this.#print(`# ${event.data.message}\n`);
  }

  #end(event: Ended): void {
    const { data } = event;
    // node reports the file as one more test around its tests: passing, that is no test of ours.
    const isFile = data.nesting === 0 && data.name === this.#path;
    const name = isFile ? 'the file itself' : [...this.#names.slice(0, data.nesting), data.name].join(' > ');
    const mark = data.skip ?? data.todo;
    if (event.type === 'test:fail' && (mark === undefined || mark === false)) this.#fail(event, name, isFile);
    else if (data.details.type === 'suite' || isFile) return;
    else if (mark !== undefined && mark !== false) this.leftOut.push(`${name}: ${reasonOf(mark)}`);
    else this.passed += 1;
  }

  #fail(event: Failed, name: string, isFile: boolean): void {
    const error = event.data.details.error as Error & { failureType?: string };
    const byItsTests = error.failureType === 'subtestsFailed';
    // A suite (or the file) fails with its tests: those are counted, not it, unless it failed by itself.
    if (byItsTests && (isFile || event.data.details.type === 'suite')) return;
    this.fileFailed ||= isFile;
    this.failures.push({ name, error: describeError(error) });
  }

  #print(text: string): void {
    this.output = (this.output + text).slice(-MAX_OUTPUT_CHARS);
  }
}

function reasonOf(mark: string | boolean): string {
  return typeof mark === 'string' && mark !== '' ? mark : 'no reason given';
}

/** What a person needs of the error of a failed test: the thrown thing itself, or how the process ended. */
function describeError(error: Error & { exitCode?: number | null; signal?: string | null }): string {
  if (typeof error.signal === 'string') return `its process was ended by ${error.signal}`;
  if (typeof error.exitCode === 'number') return `its process ended with exit code ${error.exitCode}`;
  const thrown = error.cause ?? error;
  // An assertion's fields only repeat its message.
  if (isAssertion(thrown)) return withoutNodeFrames(thrown.stack ?? thrown.message);
  if (thrown instanceof Error) return withoutNodeFrames(inspect(thrown, { depth: 3 }));
  return typeof thrown === 'string' ? thrown : inspect(thrown);
}

function isAssertion(thrown: unknown): thrown is Error {
  return thrown instanceof Error && 'code' in thrown && thrown.code === 'ERR_ASSERTION';
}

/** The frames of node itself tell nothing of a test. */
function withoutNodeFrames(text: string): string {
  return text.replaceAll(/\n +at .*\(?node:.*/g, '');
}

/** Judges what the events alone cannot say: a file whose process left early or that holds no test. */
function judgeEnd(tally: Tally, fileRun: FileRun, timedOut: boolean): void {
  if (timedOut) {
    const error = `not finished after ${fileRun.timeoutMs / 1000} s; the last test begun was: ${tally.begun}`;
    if (tally.fileFailed) tally.failures.pop();
    tally.failures.push({ name: 'the file itself', error });
  } else if (tally.fileFailed || fileRun.signal.aborted) {
    return;
  } else if (!tally.finished && (tally.begun !== '' || tally.leftOut.length === 0)) {
    const error = 'its process ended before its tests were reported, or it holds no test';
    tally.failures.push({ name: 'the file itself', error });
  } else if (
    fileRun.namePatterns.length === 0 &&
    tally.passed + tally.failures.length + tally.leftOut.length === 0
  ) {
    tally.failures.push({ name: 'the file itself', error: 'it holds no test' });
  }
}

/**
 * Runs one test file in a process of its own and counts what happened. Never rejects: a file that crashes,
 * hangs, leaves early or holds no test has a failure named `the file itself`.
 */
export async function runTestFile(fileRun: FileRun): Promise<FileResult> {
  const startedMs = performance.now();
  const path = join(fileRun.root, fileRun.file);
  const tally = new Tally(path);
  const limit = AbortSignal.timeout(fileRun.timeoutMs);
  const events = run({
    files: [path],
    cwd: fileRun.root,
    execArgv: fileRun.nodeFlags,
    env: { ...process.env, RONDO_LEFT_OUT: fileRun.leftOutFile },
    ...(fileRun.namePatterns.length > 0 ? { testNamePatterns: fileRun.namePatterns } : {}),
    signal: AbortSignal.any([limit, fileRun.signal]),
  });
  // A grandchild that outlived its parent may hold the pipes open: do not wait for it for ever.
  const giveUp = setTimeout(() => events.destroy(), fileRun.timeoutMs + END_GRACE_MS);
  try {
    for await (const event of events) tally.add(event as TestEvent);
  } catch (error) {
    if (!limit.aborted) tally.failures.push({ name: 'the file itself', error: inspect(error) });
  } finally {
    clearTimeout(giveUp);
  }
  tally.leftOut.push(...readFileSync(fileRun.leftOutFile, 'utf8').split('\n').filter(Boolean));
  const timedOut = limit.aborted && !tally.finished;
  judgeEnd(tally, fileRun, timedOut);
  const { passed, failures, leftOut, output } = tally;
  return { file: fileRun.file, durationMs: performance.now() - startedMs, passed, failures, leftOut, output };
}
