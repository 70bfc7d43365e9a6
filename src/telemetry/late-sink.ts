import type { RondoEvent } from '../events/events.ts';

/** Receives events; as handed to Bus.subscribe. */
export type Sink = (event: RondoEvent) => void;

/** Bus.subscribe: the returned function ends the subscription. */
export type Subscribe = (sink: Sink) => () => void;

/** A sink that listens from the start, and whose library is loaded later. */
export type LateSink<Loaded> = {
  /** Loads on the first call; the same promise after that. Rejects if the library cannot be loaded; events are then dropped. */
  load(): Promise<Loaded>;
  /** Ends the subscription. */
  unsubscribe(): void;
};

/** Events are few before the first load; a sink that nobody loads must not grow for ever. */
const MAX_WAITING_EVENTS = 1_000;

/**
 * Subscribes at once and keeps the events until `load` has been called and its sink exists, in order. pino and
 * prom-client take some 25 and 50 ms to import, which a start-up (or a short `exec`) should not wait for.
 * When MAX_WAITING_EVENTS wait, it loads by itself.
 */
export function createLateSink<Loaded extends { readonly sink: Sink }>(
  subscribe: Subscribe,
  load: () => Promise<Loaded>,
): LateSink<Loaded> {
  let waiting: RondoEvent[] = [];
  let sink: Sink | undefined;
  let loading: Promise<Loaded> | undefined;

  const unsubscribe = subscribe((event) => {
    if (sink !== undefined) {
      sink(event);
      return;
    }
    waiting.push(event);
    if (waiting.length >= MAX_WAITING_EVENTS) loadOnce().catch(() => undefined); // load() tells it
  });

  async function loadAndCatchUp(): Promise<Loaded> {
    try {
      const loaded = await load();
      for (const event of waiting) loaded.sink(event);
      sink = loaded.sink;
      return loaded;
    } catch (error) {
      unsubscribe();
      throw error;
    } finally {
      waiting = [];
    }
  }

  function loadOnce(): Promise<Loaded> {
    loading ??= loadAndCatchUp();
    return loading;
  }

  return { load: loadOnce, unsubscribe };
}
