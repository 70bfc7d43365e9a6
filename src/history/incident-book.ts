import type { RondoEvent } from '../events/events.ts';
import type { Clock } from '../kit/clock.ts';
import { afterEvent, endOthers, NO_COURSES, openIn, type Courses, type Incident } from './incidents.ts';

/** What the book needs. */
export type IncidentBookOptions = {
  readonly subscribe: (sink: (event: RondoEvent) => void) => () => void;
  /** The mirrors of now. */
  readonly mirrors: () => readonly { readonly name: string }[];
  readonly clock: Clock;
};

/** The incidents of a Rondo that runs: the one account of them, for the history and for the stream of live data. */
export type IncidentBook = {
  /** Those that last. */
  open(): readonly Incident[];
  /** Tells each as it begins, and again as it ends; the returned function ends that. */
  subscribe(sink: (incident: Incident) => void): () => void;
};

/** Nothing was seen yet. */
export function createIncidentBook({ subscribe, mirrors, clock }: IncidentBookOptions): IncidentBook {
  const sinks = new Set<(incident: Incident) => void>();
  let courses: Courses = NO_COURSES;
  const tell = (incident: Incident): void => {
    for (const sink of sinks) sink(incident);
  };
  const watchOnly = (names: readonly string[]): void => {
    const step = endOthers(courses, new Set(names), clock.wallMs());
    ({ courses } = step);
    step.ended.forEach(tell);
  };
  subscribe((event) => {
    const step = afterEvent(courses, event, clock.wallMs());
    ({ courses } = step);
    if (step.changed !== undefined) tell(step.changed);
    // Another configuration may have left mirrors out.
    if (event.type === 'reload') watchOnly(mirrors().map(({ name }) => name));
  });
  return {
    open: () => openIn(courses),
    subscribe(sink) {
      sinks.add(sink);
      return () => sinks.delete(sink);
    },
  };
}
