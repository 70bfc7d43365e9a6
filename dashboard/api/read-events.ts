/** One server-sent event. */
export type ServerEvent = { readonly name: string; readonly data: string };

/** What was read so far and makes no whole event yet. Plain data. */
export type Unread = { readonly events: readonly ServerEvent[]; readonly rest: string };

/**
 * The events in `text`, and what is left of it until more comes (the event stream format of the HTML standard, without
 * ids and retry times, which Rondo does not send). Pure.
 */
export function eventsIn(text: string): Unread {
  const blocks = text.split(/\r?\n\r?\n/);
  const rest = blocks.pop() ?? '';
  return { events: blocks.flatMap(eventOf), rest };
}

function eventOf(block: string): ServerEvent[] {
  let name = 'message';
  const data: string[] = [];
  for (const line of block.split(/\r?\n/)) {
    const [, field = '', value = ''] = /^([^:]*):? ?(.*)$/s.exec(line) ?? [];
    if (field === 'event') name = value;
    else if (field === 'data') data.push(value);
  }
  return data.length === 0 ? [] : [{ name, data: data.join('\n') }];
}

/** More than any answer: who sends that without an end of an event is no Rondo. */
const MAX_REST = 16 * 1024 * 1024;

/** Hands on each event of a stream until it ends; `heard` is called for all that comes, comments too. */
export async function readEvents(
  body: ReadableStream<Uint8Array>,
  heard: () => void,
  take: (event: ServerEvent) => void,
): Promise<void> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    heard();
    const unread = eventsIn(rest + decoder.decode(value, { stream: true }));
    rest = unread.rest;
    if (rest.length > MAX_REST) throw new Error('no end of an event');
    unread.events.forEach(take);
  }
}
