import { homedir } from 'node:os';
import { isatty } from 'node:tty';
import type { Clock } from '../kit/clock.ts';
import { systemClock } from '../kit/clock.ts';
import { processSignals, type OnSignal } from './drain.ts';
import { formatError, formatWarning, wantsColor } from './print-error.ts';
import { render, type Table } from '../words/render.ts';
import type { Text } from '../words/text.ts';
import { confirm } from './prompt.ts';
import type { Screen } from './screen.ts';
import { shownLine } from './shown-line.ts';

/** The process around a command, so that commands can be tested without one. */
export type CliContext = {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly platform: NodeJS.Platform;
  /** As Node calls it: `x64`. */
  readonly arch: string;
  /** What the system says where the environment does not. */
  readonly systemHome: string;
  /** The user's id; undefined on Windows. */
  readonly uid: number | undefined;
  /** Whether a person sees stderr. */
  readonly stderrIsTerminal: boolean;
  /** How stdout or stderr is seen right now. */
  readonly screen: (stream: 'stdout' | 'stderr') => Screen;
  /** Asks a yes-or-no question; absent where nobody could answer. Rejects with E_INTERRUPTED on Ctrl-C. */
  readonly confirm: ((question: string) => Promise<boolean>) | undefined;
  /** Whether a terminal is among stdin, stdout and stderr: it sends its Ctrl-C to child processes by itself. */
  readonly hasTerminal: boolean;
  /** Whether there is none among them any more: it was closed, and SIGHUP says so. */
  readonly terminalIsGone: () => boolean;
  /** Milliseconds since the process was started. */
  readonly sinceStartMs: () => number;
  /** Of the language that is spoken; undefined for English. */
  readonly table: Table | undefined;
  readonly clock: Clock;
  readonly onSignal: OnSignal;
  /** Data, to stdout. */
  readonly data: (text: string) => void;
  /** Words for people as they are, to stderr: what is drawn, and what another program says. */
  readonly words: (text: string) => void;
  /** A line for people in their language, to stderr; `rondo: ` stands before it, and nothing in it moves a cursor. */
  readonly tell: (text: Text | string) => void;
  /** A warning in their language, to stderr. */
  readonly warn: (message: Text | string) => void;
  /** Shows an error as print-error.ts does. */
  readonly showError: (thrown: unknown) => void;
};

/** The real process. `flags` are Rondo's own arguments, for --no-color and --verbose. */
export function processContext(flags: readonly string[], table: Table | undefined): CliContext {
  const { env, platform, arch, stdin, stdout, stderr } = process;
  const style = { color: wantsColor(env, stderr.isTTY, flags), verbose: flags.includes('--verbose'), table };
  const words = (text: string): void => void stderr.write(text);
  return {
    env,
    cwd: process.cwd(),
    platform,
    arch,
    systemHome: homedir(),
    uid: process.getuid?.(),
    stderrIsTerminal: stderr.isTTY,
    screen(name) {
      const stream = process[name];
      const color = wantsColor(env, stream.isTTY, flags);
      if (!stream.isTTY) return { isTerminal: false, width: Infinity, height: Infinity, color, table };
      // A terminal that does not know its size says 0.
      return { isTerminal: true, width: stream.columns || 80, height: stream.rows || 24, color, table };
    },
    confirm: stdin.isTTY && stderr.isTTY ? (question) => confirm(question, stdin, stderr) : undefined,
    hasTerminal: stdin.isTTY || stdout.isTTY || stderr.isTTY,
    terminalIsGone: () => ![0, 1, 2].some((stream) => isatty(stream)),
    sinceStartMs: () => performance.now(),
    table,
    clock: systemClock,
    onSignal: processSignals,
    data: (text) => void stdout.write(text),
    words,
    tell: (text) => words(shownLine(`rondo: ${render(text, table)}`)),
    warn: (message) => words(formatWarning(message, style)),
    showError: (thrown) => words(formatError(thrown, style)),
  };
}
