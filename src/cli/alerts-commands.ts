import { say } from '../words/text.ts';
import { CONFIGURED, JSON_OUTPUT, MANNERS } from './command-options.ts';
import type { CommandSpec } from './command-spec.ts';

/** `rondo alerts` and its command. */
export const ALERTS_COMMAND: CommandSpec = {
  name: 'alerts',
  about: say('see whether alerts get to where they should'),
  examples: ['rondo alerts test'],
  commands: [
    {
      name: 'test',
      about: say('send a test alert to the webhook and the command of [alerts]'),
      examples: ['rondo alerts test'],
      exitCodes: {
        codes: [
          [0, say('all have taken it')],
          [1, say('one has not')],
          [2, say('a mistake in the command line or the configuration, or nobody is to be told')],
          [130, say('Ctrl-C')],
        ],
      },
      options: [JSON_OUTPUT, ...CONFIGURED, ...MANNERS],
      run: async (_words, flags, context) => (await import('./alerts-test.ts')).testAlerts(flags, context),
    },
  ],
};
