import { key, RESTART, type SectionKeys } from './key.ts';
import type { TelemetryConfig } from './telemetry-config.ts';
import * as values from './values.ts';

const { decimal, duration } = values;

/** Keys of [telemetry]. */
export const TELEMETRY: SectionKeys<TelemetryConfig> = {
  historyMs: key(
    'history',
    duration('0s', '3650d'),
    '90d',
    'how long it is remembered how the mirrors served; 0s: not at all',
    RESTART,
  ),
  traces: key(
    'traces',
    values.serverUrl,
    undefined,
    'where traces are sent by OTLP/HTTP, such as http://127.0.0.1:4318/v1/traces',
    { secret: 'a query', ...RESTART },
  ),
  headersEnv: key(
    'headers_env',
    values.variableName,
    undefined,
    'the variable that holds the headers sent along, name=value separated by commas',
    RESTART,
  ),
  headersFile: key('headers_file', values.textAs('a file'), undefined, 'the file that holds them', {
    path: true,
    ...RESTART,
  }),
  sample: key('sample', decimal(0, 1), '1', 'the share of requests whose trace is sent', RESTART),
  sampledByClient: key(
    'sampled_by_client',
    values.oneOf('never', 'loopback', 'always'),
    'never',
    'whether the traceparent of a client decides instead: of those on this machine, or of all',
    RESTART,
  ),
  propagate: key(
    'propagate',
    values.oneOf('own', 'all', 'never'),
    'own',
    'which mirrors hear of the trace of a request: those of your own network, all, or none',
    RESTART,
  ),
  service: key('service', values.textAs('a name'), 'rondo', 'service.name in the traces', RESTART),
};
