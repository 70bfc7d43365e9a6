import type { ServerResponse } from 'node:http';

/** The events of which a reader gets the newest only. */
export type StateName = 'status' | 'mirrors' | 'flights';

/** Events that each count; a reader that is too slow misses the oldest ones. */
const MAX_WAITING = 32;

/** One client that reads events, at its own pace: what waits for it is bounded. */
export type EventReader = {
  /** Takes the place of what waits of the same name. */
  state(name: StateName, data: string): void;
  /** Counts by itself. */
  happened(name: 'incident' | 'notice', data: string): void;
  /** A comment, which keeps the connection alive; nothing where something waits. */
  beat(): void;
  end(): void;
};

/** The reader behind a response, whose head has left. */
export function createEventReader(response: ServerResponse): EventReader {
  const states = new Map<StateName, string>();
  const waiting: string[] = [];
  const isBlocked = (): boolean => response.writableNeedDrain;
  const write = (text: string): void => void response.write(text);
  const flush = (): void => {
    while (!isBlocked() && waiting.length > 0) write(waiting.shift() ?? '');
    for (const [name, data] of states) {
      if (isBlocked()) return;
      states.delete(name);
      write(eventText(name, data));
    }
  };
  response.on('drain', flush);
  return {
    state(name, data) {
      states.set(name, data);
      flush();
    },
    happened(name, data) {
      waiting.push(eventText(name, data));
      if (waiting.length > MAX_WAITING) waiting.shift();
      flush();
    },
    beat() {
      if (!isBlocked()) write(': \n\n');
    },
    end() {
      // Who takes nothing would keep a server from ending.
      if (isBlocked()) response.destroy();
      else response.end();
    },
  };
}

/** JSON has no line ends of its own. */
function eventText(name: string, data: string): string {
  return `event: ${name}\ndata: ${data}\n\n`;
}
