import { CONFIGURED, JSON_OUTPUT, MANNERS, OFFLINE } from './command-options.ts';
import type { CommandSpec } from './command-spec.ts';

/** The commands of `rondo cache`. They may run beside any number of servers that use the same folder. */
export const CACHE_COMMANDS: readonly CommandSpec[] = [
  {
    name: 'verify',
    about: 'hash every file and compare it with what is known of it',
    examples: ['rondo cache verify', 'rondo cache verify --repair'],
    options: [
      { syntax: '--repair', about: 'set aside what is wrong, and fetch it again from the mirrors' },
      JSON_OUTPUT,
      OFFLINE,
      ...CONFIGURED,
      ...MANNERS,
    ],
    run: async (_words, flags, context) => (await import('./cache-verify.ts')).cacheVerify(flags, context),
  },
];
