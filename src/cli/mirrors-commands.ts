import {
  ADDRESS_OF_SERVER,
  CONFIGURED,
  duration,
  JSON_OUTPUT,
  MANNERS,
  oneOf,
  since,
} from './command-options.ts';
import type { CommandArgument, CommandSpec } from './command-spec.ts';
import { say } from '../words/text.ts';

const NAME: CommandArgument = { syntax: '<name>', about: say('the mirror, as rondo mirrors calls it') };

/** The commands of `rondo mirrors`: orders to a running server on this machine. */
const ORDERS: readonly CommandSpec[] = [
  {
    name: 'drain',
    about: say("have a running server send no client's request to a mirror for a while"),
    examples: ['rondo mirrors drain goproxy.cn --for 1h', 'rondo mirrors drain goproxy.cn --for 0s'],
    argument: NAME,
    options: [
      {
        syntax: '--for <duration>',
        about: say('for so long (default: as long as the server runs; 0s brings it back)'),
        parse: duration,
      },
      ...ADDRESS_OF_SERVER,
      ...CONFIGURED,
      JSON_OUTPUT,
      ...MANNERS,
    ],
    run: async (words, flags, context) =>
      (await import('./order-mirror.ts')).drainMirror(words, flags, context),
  },
  {
    name: 'set',
    about: say('change the weight of a mirror, as long as a server runs'),
    examples: ['rondo mirrors set goproxy.cn weight=20', 'rondo mirrors set goproxy.cn weight=configured'],
    argument: [NAME, { syntax: '<setting>', about: say('weight=1 to 1000, or weight=configured') }],
    options: [...ADDRESS_OF_SERVER, ...CONFIGURED, JSON_OUTPUT, ...MANNERS],
    run: async (words, flags, context) =>
      (await import('./order-mirror.ts')).setMirror(words, flags, context),
  },
];

/** `rondo mirrors` and its commands. */
export const MIRRORS_COMMAND: CommandSpec = {
  name: 'mirrors',
  about: say('show how the mirrors stand'),
  examples: ['rondo mirrors --watch'],
  options: [
    ...ADDRESS_OF_SERVER,
    ...CONFIGURED,
    { syntax: '--watch', about: say('show it again every two seconds until Ctrl-C') },
    JSON_OUTPUT,
    ...MANNERS,
  ],
  run: async (_words, flags, context) => (await import('./mirrors.ts')).mirrors(flags, context),
  commands: ORDERS,
};

const REPORT_FORMATS: readonly string[] = ['table', 'json', 'html'];

/** `rondo report`, which needs no server. */
export const REPORT_COMMAND: CommandSpec = {
  name: 'report',
  about: say('how well each mirror has served: uptime, times, incidents'),
  examples: ['rondo report', 'rondo report --since 30d --format html > report.html'],
  exitCodes: {
    codes: [
      [0, say('this is the report; it is empty where nothing is recorded yet')],
      [2, say('the history cannot be read')],
    ],
  },
  options: [
    {
      syntax: '--since <duration>',
      about: say('of the last 7d, 12h … (default: 7d; 90d are kept)'),
      parse: since,
    },
    {
      syntax: '--format <format>',
      about: say('table, json or html (default: table)'),
      parse: oneOf(REPORT_FORMATS),
      values: REPORT_FORMATS,
    },
    JSON_OUTPUT,
    ...CONFIGURED,
    ...MANNERS,
  ],
  run: async (_words, flags, context) => (await import('./report.ts')).report(flags, context),
};
