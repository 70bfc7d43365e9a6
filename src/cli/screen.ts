import { render } from '../words/render.ts';
import { many } from '../words/text.ts';
import type { TableStyle } from './table.ts';
import { cutToWidth } from './text-width.ts';

/** A stream as people see it right now. */
export type Screen = TableStyle & {
  readonly isTerminal: boolean;
  /** Lines of the terminal; Infinity where it is none. */
  readonly height: number;
};

/** What is redrawn in place. */
export type LiveBlock = {
  /** Replaces what was drawn before. */
  draw(lines: readonly string[]): void;
};

const ERASE_BELOW = '\u001B[0J';

/**
 * Draws a block of lines over itself on a terminal, no higher than the terminal: what has scrolled away cannot
 * be drawn over. No line may be wider than the terminal.
 */
export function createLiveBlock(write: (text: string) => void, screen: () => Screen): LiveBlock {
  let drawn = 0;
  return {
    draw(lines) {
      const { height, width, table } = screen();
      const room = Math.max(1, height - 1);
      const hidden = lines.length - room + 1;
      const more = render(many(hidden, '… {count} more line', '… {count} more lines'), table);
      const shown = lines.length <= room ? lines : [...lines.slice(0, room - 1), cutToWidth(more, width)];
      const up = drawn === 0 ? '' : `\u001B[${drawn}A\r${ERASE_BELOW}`;
      drawn = shown.length;
      // In one write, so that nobody sees it half drawn.
      write(`${up}${shown.join('\n')}\n`);
    },
  };
}
