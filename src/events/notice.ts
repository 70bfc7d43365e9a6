import { render } from '../words/render.ts';
import type { Text } from '../words/text.ts';
import type { NoticeLevel, RondoEvent } from './events.ts';

/** A notice: in English for logs, and in no language yet for whoever shows it to a person. */
export function notice(level: NoticeLevel, said: Text | string): Extract<RondoEvent, { type: 'notice' }> {
  return { type: 'notice', level, message: render(said), said };
}
