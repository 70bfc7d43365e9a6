import type { RondoError } from '../errors/rondo-error.ts';
import type { RondoEvent } from '../events/events.ts';
import type { Incident } from '../history/incidents.ts';
import type { Clock } from '../kit/clock.ts';
import type { Table } from '../words/render.ts';
import type * as answers from './answers.ts';

/** A language that answers come in. */
export type ApiLanguage = 'en' | 'zh';

/** What somebody asks of a mirror for as long as the server runs; what is absent stays as it is. */
export type MirrorOrder = {
  readonly weight?: number | 'configured';
  /** No client's request goes to it for so long; 0 brings it back, Infinity is until further notice. */
  readonly drainForMs?: number;
};

/** What came of reading the configuration again. */
export type ReloadAnswer =
  | { readonly kind: 'done'; readonly page: answers.ReloadShown }
  | { readonly kind: 'refused'; readonly error: RondoError };

/** What the API shows, and takes; app.ts fills it. Each may reject with RondoError. */
export type ApiPorts = {
  /** Whoever has it may ask, and nobody else; undefined: whoever is on this machine. */
  readonly token: () => string | undefined;
  readonly status: () => answers.StatusAnswer;
  readonly mirrors: () => answers.MirrorsAnswer;
  /** False where there is no mirror of that name. */
  readonly order: (mirror: string, order: MirrorOrder) => boolean;
  readonly flights: () => answers.FlightsAnswer;
  readonly modules: (query: {
    readonly search: string;
    readonly limit: number;
    readonly after: string;
  }) => Promise<answers.ModulesAnswer>;
  readonly versions: (module: string) => Promise<answers.VersionsAnswer>;
  readonly purge: (body: answers.PurgeBody) => Promise<answers.PurgeAnswer>;
  /** Rejects soon after `signal` aborts. */
  readonly history: (sinceMs: number, parts: number, signal: AbortSignal) => Promise<answers.HistoryAnswer>;
  readonly config: (table?: Table) => answers.ConfigAnswer;
  readonly doctor: (language: ApiLanguage) => Promise<answers.DoctorAnswer>;
  /** Absent where the configuration is kept to the end. Never rejects. */
  readonly reload: ((table?: Table) => Promise<ReloadAnswer>) | undefined;
  readonly subscribe: (sink: (event: RondoEvent) => void) => () => void;
  /** Tells each incident as it begins, and again as it ends. */
  readonly incidents: (sink: (incident: Incident) => void) => () => void;
  readonly clock: Clock;
};
