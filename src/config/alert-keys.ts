import { ALERT_KINDS, type AlertsConfig } from './alerts-config.ts';
import { key, RESTART, type SectionKeys } from './key.ts';
import * as values from './values.ts';

const { duration } = values;

/** Keys of [alerts]. An untrusted file sets none: a command would be run. */
export const ALERTS: SectionKeys<AlertsConfig> = {
  webhook: key('webhook', values.serverUrl, undefined, 'where alerts are posted, as JSON; never shown', {
    secret: true,
    ...RESTART,
  }),
  webhookEnv: key('webhook_env', values.variableName, undefined, 'the variable that holds that URL', RESTART),
  webhookFile: key('webhook_file', values.textAs('a file'), undefined, 'the file that holds it', {
    path: true,
    ...RESTART,
  }),
  secretEnv: key(
    'secret_env',
    values.variableName,
    undefined,
    'the variable that holds the secret they are signed with',
    RESTART,
  ),
  secretFile: key('secret_file', values.textAs('a file'), undefined, 'the file that holds it', {
    path: true,
    ...RESTART,
  }),
  command: key(
    'command',
    values.textAs('a program'),
    undefined,
    'run for each alert, which is on its standard input; without arguments or a shell',
    { path: true, ...RESTART },
  ),
  kinds: key('kinds', values.someOf(ALERT_KINDS), ALERT_KINDS.join(','), 'what is told', RESTART),
  certificateMs: key(
    'certificate',
    duration('1h', '365d'),
    '14d',
    "a mirror's certificate, or Rondo's own, is valid for less than this",
    RESTART,
  ),
  syncLagMs: key('sync_lag', duration('1s', '30d'), '300s', 'a mirror lags more than this', RESTART),
  diskShare: key(
    'disk',
    values.decimal(0, 1),
    '0.05',
    'less than this share of the disk is free; 0: never',
    RESTART,
  ),
  afterMs: key(
    'after',
    duration('0s', '1d'),
    '30s',
    'a mirror is down, or lags, for so long before it is told',
    RESTART,
  ),
  clearMs: key(
    'clear',
    duration('0s', '1d'),
    '5m',
    'anything is over for so long before that is told; longer for what comes again and again',
    RESTART,
  ),
};
