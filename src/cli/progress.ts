import stringWidth from 'string-width';
import type { Timer } from '../kit/clock.ts';
import { formatSize } from '../kit/size.ts';
import { render } from '../words/render.ts';
import { listed, say, type Text } from '../words/text.ts';
import type { Progress } from '../upkeep/work.ts';
import type { CliContext } from './context.ts';
import { createLiveBlock } from './screen.ts';
import { formatSpan } from './span.ts';
import { cutToWidth } from './text-width.ts';

/** How far long work is, shown to whoever waits for it. */
export type ProgressLine = {
  readonly update: (progress: Progress) => void;
  /** What is done from now on. */
  readonly next: (doing: Text | string) => void;
  /** The last state is shown once more, if any was. Idempotent. */
  end(): void;
};

/** Fast enough to look alive, slow enough to cost nothing. */
const DRAW_EVERY_MS = 100;
/** Where nobody watches (spec cli.md). */
const PLAIN_EVERY_MS = 10_000;
const BAR_CELLS = 20;
/** A bar that is shorter says nothing. */
const MIN_BAR_CELLS = 5;
/** A name that is cut to less says nothing. */
const MIN_NAME = 6;

/**
 * Shows work on stderr: a bar on a terminal, else a plain line every 10 s, and none for what is done before.
 * `first` is what is done, e.g. `verifying`. Work of several parts counts anew for each: rate and time left are of that part.
 */
export function createProgressLine(
  first: Text | string,
  { clock, words, screen }: Pick<CliContext, 'clock' | 'words' | 'screen'>,
): ProgressLine {
  let doing = first;
  let startedMs = clock.now();
  const block = createLiveBlock(words, () => screen('stderr'));
  let latest: Progress | undefined;
  let timer: Timer | undefined;
  let ended = false;
  let lastShown = '';
  // The line of what was last counted to its end: what follows may have nothing to count.
  let counted = '';
  const lineOf = (progress: Progress): string => {
    const { isTerminal, width, table } = screen('stderr');
    const name = render(doing, table);
    // Of what is not counted there is only its name.
    if (progress.total === 0) return isTerminal ? name : `rondo: ${name}`;
    const text = (most?: number): string =>
      render(progressWords(progress, clock.now() - startedMs, most), table);
    return isTerminal ? barLine(name, progress, text, width) : `rondo: ${name} ${text()}`;
  };
  const show = (line: string): void => {
    const { isTerminal, width } = screen('stderr');
    if (line === lastShown) return;
    lastShown = line;
    if (isTerminal) block.draw([cutToWidth(line, width)]);
    else words(`${line}\n`);
  };
  const tick = (): void => {
    timer = undefined;
    if (latest !== undefined) show(lineOf(latest));
    if (!screen('stderr').isTerminal) arm();
  };
  const arm = (): void => {
    if (ended) return;
    const everyMs = screen('stderr').isTerminal ? DRAW_EVERY_MS : PLAIN_EVERY_MS;
    timer ??= clock.after(everyMs, tick, { background: true });
  };
  return {
    update(progress) {
      if (latest !== undefined && (progress.total !== latest.total || progress.done < latest.done))
        startedMs = clock.now();
      latest = progress;
      arm();
    },
    next(now) {
      if (latest !== undefined && latest.total > 0) counted = lineOf(latest);
      doing = now;
    },
    end() {
      if (ended) return;
      ended = true;
      timer?.cancel();
      // The last line stands below whatever was shown; where nothing was, the result itself says enough.
      if (lastShown === '' || latest === undefined || !screen('stderr').isTerminal) return;
      show(latest.total > 0 || counted === '' ? lineOf(latest) : counted);
    },
  };
}

/** `120 of 1000, 5 MiB, 1.2 MiB/s, 40 s left`, or as many of these as `most` says. Pure. */
export function progressWords(progress: Progress, elapsedMs: number, most?: number): Text {
  const { done, total, bytes } = progress;
  const parts: (Text | string)[] = [say('{done} of {total}', { done, total })];
  // Where nothing is fetched or read, as when things are compared, no size is told.
  if (bytes > 0) parts.push(formatSize(bytes));
  if (bytes > 0 && elapsedMs > 0) parts.push(`${formatSize(Math.round((bytes * 1000) / elapsedMs))}/s`);
  if (done > 0 && done < total && progress.isOpen !== true)
    parts.push(say('{span} left', { span: formatSpan(leftMs(progress, elapsedMs)) }));
  return listed(parts.slice(0, most));
}

/** By the number of files, unless the bytes that are to come take longer: the largest come last. */
function leftMs({ done, total, bytes, comingBytes = 0 }: Progress, elapsedMs: number): number {
  const byFiles = (elapsedMs / done) * (total - done);
  return bytes === 0 ? byFiles : Math.max(byFiles, (elapsedMs / bytes) * comingBytes);
}

/** Name, bar and count within the terminal: first the bar is shortened, then left out, then what stands behind the count. */
function barLine(name: string, progress: Progress, text: (most?: number) => string, width: number): string {
  const all = text();
  // Blanks and brackets.
  const cells = Math.min(BAR_CELLS, width - stringWidth(name) - stringWidth(all) - 4);
  if (cells >= MIN_BAR_CELLS) return `${name} ${barOf(progress, cells)} ${all}`;
  const shorter = [all, text(3), text(2), text(1)].map((words) => `${name} ${words}`);
  const fitting = shorter.find((line) => stringWidth(line) <= width);
  if (fitting !== undefined) return fitting;
  // The count is what matters.
  const count = text(1);
  const room = width - stringWidth(count) - 1;
  return room < MIN_NAME ? cutToWidth(count, width) : `${cutToWidth(name, room)} ${count}`;
}

function barOf({ done, total }: Progress, cells: number): string {
  const filled = Math.floor((cells * done) / total);
  return `[${'#'.repeat(filled)}${'-'.repeat(cells - filled)}]`;
}
