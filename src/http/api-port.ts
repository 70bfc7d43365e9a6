import type { Exchange } from './exchange.ts';

/** Everything below this is the API's. */
export const API_PREFIX = '/-/api/';

/** The API, as the server sees it. */
export type Api = {
  /**
   * Answers a request whose `target` is its path and query below the base path. Whoever may not ask is refused. Never
   * rejects.
   */
  take(exchange: Exchange, target: string): void | Promise<void>;
  /** Whether somebody is answered, and not refused. */
  mayAsk(exchange: Exchange): boolean;
  /** Ends the streams of events; there will be no others. */
  end(): void;
};
