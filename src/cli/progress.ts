import type { Timer } from '../kit/clock.ts';
import { formatSize } from '../kit/size.ts';
import type { Progress } from '../upkeep/work.ts';
import type { CliContext } from './context.ts';
import { createLiveBlock } from './screen.ts';
import { formatSpan } from './span.ts';
import { cutToWidth } from './text-width.ts';

/** How far long work is, shown to whoever waits for it. */
export type ProgressLine = {
  readonly update: (progress: Progress) => void;
  /** The last state is shown once more, if any was. Idempotent. */
  end(): void;
};

/** Fast enough to look alive, slow enough to cost nothing. */
const DRAW_EVERY_MS = 100;
/** Where nobody watches (spec cli.md). */
const PLAIN_EVERY_MS = 10_000;
const BAR_CELLS = 20;

/**
 * Shows work on stderr: a bar on a terminal, else a plain line every 10 s, and none for what is done before.
 * `doing` is what is done, e.g. `verifying`.
 */
export function createProgressLine(
  doing: string,
  { clock, words, screen }: Pick<CliContext, 'clock' | 'words' | 'screen'>,
): ProgressLine {
  const startedMs = clock.now();
  const block = createLiveBlock(words, () => screen('stderr'));
  let latest: Progress | undefined;
  let timer: Timer | undefined;
  let ended = false;
  let lastShown = '';
  const show = (): void => {
    if (latest === undefined) return;
    const { isTerminal, width } = screen('stderr');
    const text = progressWords(latest, clock.now() - startedMs);
    const line = `${isTerminal ? `${doing} ${barOf(latest)}` : `rondo: ${doing}`} ${text}`;
    if (line === lastShown) return;
    lastShown = line;
    if (isTerminal) block.draw([cutToWidth(line, width)]);
    else words(`${line}\n`);
  };
  const tick = (): void => {
    timer = undefined;
    show();
    if (!screen('stderr').isTerminal) arm();
  };
  const arm = (): void => {
    if (ended) return;
    const everyMs = screen('stderr').isTerminal ? DRAW_EVERY_MS : PLAIN_EVERY_MS;
    timer ??= clock.after(everyMs, tick, { background: true });
  };
  return {
    update(progress) {
      latest = progress;
      arm();
    },
    end() {
      if (ended) return;
      ended = true;
      timer?.cancel();
      // The last line stands below whatever was shown; where nothing was, the result itself says enough.
      if (lastShown !== '' && screen('stderr').isTerminal) show();
    },
  };
}

/** `120 of 1000, 5 MiB, 1.2 MiB/s, 40 s left`. Pure. */
export function progressWords({ done, total, bytes }: Progress, elapsedMs: number): string {
  const parts = [`${done} of ${total}`, formatSize(bytes)];
  if (elapsedMs > 0) parts.push(`${formatSize(Math.round((bytes * 1000) / elapsedMs))}/s`);
  if (done > 0 && done < total) parts.push(`${formatSpan((elapsedMs / done) * (total - done))} left`);
  return parts.join(', ');
}

function barOf({ done, total }: Progress): string {
  const filled = total === 0 ? BAR_CELLS : Math.floor((BAR_CELLS * done) / total);
  return `[${'#'.repeat(filled)}${'-'.repeat(BAR_CELLS - filled)}]`;
}
