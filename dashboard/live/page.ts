import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { dropToken, getJson, keepToken, keptToken, postJson, type Credentials } from '../api/call-api.ts';
import type { ServerEvent } from '../api/read-events.ts';
import type { FlightsAnswer, MirrorsAnswer, NoticeEvent, StatusAnswer } from '../../src/api/answers.ts';
import type { Language } from '../words/say.ts';
import { createAnnouncer, stateChanges, type StateChange } from './announce.ts';
import { openEventLine, type Connection, type EventLine } from './connection.ts';
import { createStore, type Store } from './store.ts';

/** All that the page knows of its Rondo, and how it asks and orders. */
export type Page = {
  readonly connection: Store<Connection>;
  readonly status: Store<StatusAnswer | undefined>;
  readonly mirrors: Store<MirrorsAnswer | undefined>;
  readonly flights: Store<FlightsAnswer['flights']>;
  /** Goes up when an incident begins or ends. */
  readonly incidents: Store<number>;
  /** What Rondo wanted to be seen, the newest last. */
  readonly notices: Store<readonly NoticeEvent[]>;
  /** When it was started anew while the page was open. */
  readonly restartedAtMs: Store<number | undefined>;
  /** By how much Rondo's clock is ahead of the browser's. */
  readonly aheadMs: Store<number>;
  /** For screen readers. */
  readonly changes: Store<readonly StateChange[]>;
  readonly language: Store<Language>;
  retry(): void;
  enterToken(token: string): void;
  hasToken(): boolean;
  get<T>(path: string, signal?: AbortSignal): Promise<T>;
  post<T>(path: string, body: object): Promise<T>;
};

const MOST_NOTICES = 3;

/** Opens the page's line to its Rondo. */
export function openPage(firstLanguage: Language): Page {
  const stores = {
    status: createStore<StatusAnswer | undefined>(undefined),
    mirrors: createStore<MirrorsAnswer | undefined>(undefined),
    flights: createStore<FlightsAnswer['flights']>([]),
    incidents: createStore(0),
    notices: createStore<readonly NoticeEvent[]>([]),
    restartedAtMs: createStore<number | undefined>(undefined),
    aheadMs: createStore(0),
    changes: createStore<readonly StateChange[]>([]),
    language: createStore(firstLanguage),
  };
  const credentials = (): Credentials => ({ token: keptToken(), language: stores.language.get() });
  const line: EventLine = openEventLine(credentials, takerOf(stores));
  return {
    ...stores,
    connection: line.connection,
    retry: () => line.retry(),
    enterToken(token) {
      if (token === '') dropToken();
      else keepToken(token);
      line.retry();
    },
    hasToken: () => keptToken() !== undefined,
    get: (path, signal) => getJson(path, credentials(), signal),
    post: (path, body) => postJson(path, credentials(), body),
  };
}

type Stores = Omit<Page, 'connection' | 'retry' | 'enterToken' | 'hasToken' | 'get' | 'post'>;

/** What each event does to the stores. */
function takerOf(stores: Stores): (event: ServerEvent) => void {
  const announcer = createAnnouncer((changes) => stores.changes.set(changes));
  const takers: Readonly<Record<string, (data: string) => void>> = {
    status(data) {
      const status = JSON.parse(data) as StatusAnswer;
      const before = stores.status.get();
      if (before !== undefined && before.startedAtMs !== status.startedAtMs)
        stores.restartedAtMs.set(status.startedAtMs);
      stores.aheadMs.set(status.nowMs - Date.now());
      stores.status.set(status);
    },
    mirrors(data) {
      const mirrors = JSON.parse(data) as MirrorsAnswer;
      announcer.add(stateChanges(stores.mirrors.get()?.mirrors, mirrors.mirrors));
      stores.mirrors.set(mirrors);
    },
    flights: (data) => stores.flights.set((JSON.parse(data) as FlightsAnswer).flights),
    incident: () => stores.incidents.set(stores.incidents.get() + 1),
    notice(data) {
      const notice = JSON.parse(data) as NoticeEvent;
      if (notice.level !== 'warn' && notice.level !== 'error') return;
      stores.notices.set([...stores.notices.get(), notice].slice(-MOST_NOTICES));
    },
  };
  return ({ name, data }) => takers[name]?.(data);
}

/** Where components find the page. */
export const PageContext: ReturnType<typeof createContext<Page | undefined>> = createContext<
  Page | undefined
>(undefined);

/** The page, in a component below the context. */
export function usePage(): Page {
  const page = useContext(PageContext);
  if (page === undefined) throw new Error('no page above');
  return page;
}
