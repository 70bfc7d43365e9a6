import type { Config } from './config/config.ts';
import type { Bus } from './events/bus.ts';
import { createHistoryFile, historyPath } from './history/history-file.ts';
import { createIncidentBook, type IncidentBook } from './history/incident-book.ts';
import { createRecorder, type Recorder } from './history/recorder.ts';
import type { Clock } from './kit/clock.ts';
import type { Mirrors } from './mirrors/mirrors.ts';

/** What the history of a server depends on. */
export type HistoryOptions = {
  readonly config: Config;
  readonly clock: Clock;
  readonly keepsHistory: boolean;
};

/** The incidents of the mirrors, and who writes them down with all else; undefined where nothing is written. */
export type OpenHistory = { readonly incidents: IncidentBook; readonly history: Recorder | undefined };

/** Both listen from now on; nothing is written before the recorder starts. */
export function openHistory(options: HistoryOptions, bus: Bus, mirrors: Mirrors): OpenHistory {
  const { config, clock, keepsHistory } = options;
  const subscribe: Bus['subscribe'] = (sink) => bus.subscribe(sink);
  const common = { subscribe, mirrors: () => watchedOf(mirrors), clock };
  const incidents = createIncidentBook(common);
  const keptMs = config.telemetry.historyMs;
  if (!keepsHistory || keptMs === 0) return { incidents, history: undefined };
  const file = createHistoryFile(historyPath(config.cache.dir), clock, bus.emit);
  return { incidents, history: createRecorder({ ...common, incidents, file, keptMs }) };
}

/** One that is left out for good is not watched: it is Rondo itself, and nobody asks it. */
function watchedOf(mirrors: Mirrors): ReturnType<Mirrors['views']> {
  return mirrors.views().filter(({ up }) => up !== undefined);
}
