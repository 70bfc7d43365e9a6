import type { LogLevel } from '../kit/log-level.ts';

/** [log] */
export type LogConfig = {
  /** `auto`: one line a request unless stderr is a terminal. */
  readonly requests: 'auto' | 'on' | 'off';
  readonly level: LogLevel;
};

/** [telemetry] */
export type TelemetryConfig = {
  /** So long is remembered how the mirrors served; 0: nothing is written. */
  readonly historyMs: number;
  /** Where traces are sent; undefined: nowhere, and nothing is loaded for them. */
  readonly traces?: string;
  readonly headersEnv?: string;
  /** An absolute path. */
  readonly headersFile?: string;
  /** 0 … 1, of the requests of which nobody else decides. */
  readonly sample: number;
  /** Which clients decide it themselves, by their `traceparent`. */
  readonly sampledByClient: 'never' | 'loopback' | 'always';
  /** Which mirrors hear of the trace of a request. */
  readonly propagate: 'own' | 'all' | 'never';
  readonly service: string;
};
