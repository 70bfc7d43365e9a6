import {
  CONFIGURED,
  each,
  EXIT_CODES,
  JSON_OUTPUT,
  MANNERS,
  OFFLINE,
  oneOf,
  sizeOf,
} from './command-options.ts';
import type { CommandSpec } from './command-spec.ts';
import { say } from '../words/text.ts';

/** The commands of `rondo cache`. They may run beside any number of servers that use the same folder. */
export const CACHE_COMMANDS: readonly CommandSpec[] = [
  {
    name: 'verify',
    about: say(
      'hash every file, compare it with what is known of it, and move what is wrong into the quarantine',
    ),
    exitCodes: EXIT_CODES,
    examples: ['rondo cache verify', 'rondo cache verify --repair'],
    options: [
      { syntax: '--repair', about: say('fetch what is wrong again at once, from the mirrors') },
      JSON_OUTPUT,
      ...CONFIGURED,
      ...MANNERS,
    ],
    run: async (_words, flags, context) => (await import('./cache-verify.ts')).cacheVerify(flags, context),
  },
  {
    name: 'ls',
    about: say('list the versions in the copy'),
    exitCodes: EXIT_CODES,
    examples: ['rondo cache ls', 'rondo cache ls github.com/spf13 --json'],
    argument: {
      syntax: '[module[@version]...]',
      about: say('paths, or patterns as in GOPRIVATE (default: all)'),
    },
    options: [
      {
        syntax: '--sort <order>',
        about: say('name, size, or last: those first that nobody has asked for longest'),
        parse: oneOf(['name', 'size', 'last']),
        values: ['name', 'size', 'last'],
      },
      JSON_OUTPUT,
      ...CONFIGURED,
      ...MANNERS,
    ],
    run: async (words, flags, context) => (await import('./cache-ls.ts')).cacheLs(words, flags, context),
  },
  {
    name: 'gc',
    about: say('make the copy smaller: what nobody has asked for longest goes first'),
    exitCodes: EXIT_CODES,
    examples: ['rondo cache gc --max-size 5GiB --dry-run', 'rondo cache gc --min-free 20GiB'],
    options: [
      {
        syntax: '--max-size <size>',
        about: say(
          'what Rondo keeps of modules takes no more; 0: all goes that may (default: cache.max_size)',
        ),
        parse: sizeOf('maxBytes'),
      },
      {
        syntax: '--min-free <size>',
        about: say('so much of the disk is free (default: cache.min_free)'),
        parse: sizeOf('minFreeBytes'),
      },
      { syntax: '--dry-run', about: say('say what would go, and remove nothing') },
      JSON_OUTPUT,
      ...CONFIGURED,
      ...MANNERS,
    ],
    run: async (_words, flags, context) => (await import('./cache-gc.ts')).cacheGc(flags, context),
  },
  {
    name: 'rm',
    about: say('take modules, or versions of them, out of the copy'),
    exitCodes: EXIT_CODES,
    examples: ['rondo cache rm example.com/mod@v1.2.3'],
    argument: { syntax: '<module[@version]...>', about: say('what to remove') },
    options: [JSON_OUTPUT, ...CONFIGURED, ...MANNERS],
    run: async (words, flags, context) => (await import('./cache-rm.ts')).cacheRm(words, flags, context),
  },
  {
    name: 'purge',
    about: say('forget lists, @latest and queries, so that the mirrors are asked again'),
    exitCodes: EXIT_CODES,
    examples: ['rondo cache purge example.com/mod', 'rondo cache purge example.com/mod@main'],
    argument: { syntax: '<module[@query]...>', about: say('whose answers to forget') },
    options: [JSON_OUTPUT, ...CONFIGURED, ...MANNERS],
    run: async (words, flags, context) =>
      (await import('./cache-purge.ts')).cachePurge(words, flags, context),
  },
  {
    name: 'import',
    about: say('take a GOMODCACHE, a folder for file://, or a bundle into the copy; every file is verified'),
    exitCodes: EXIT_CODES,
    examples: [
      'rondo cache import "$(go env GOMODCACHE)"',
      'rondo cache import bundle.tar.zst --offline',
      'rondo cache import ./proxy --unverified',
    ],
    argument: {
      syntax: '<folder|file.tar.zst>',
      about: say('a GOMODCACHE, what GOPROXY=file://… names, or a bundle of rondo sync'),
    },
    options: [
      { ...OFFLINE, about: say('verify by the checksum records that are at hand') },
      {
        syntax: '--unverified',
        about: say(
          'take also what no checksum database vouches for (GOPRIVATE, GONOSUMDB), right or not: trust the folder',
        ),
      },
      JSON_OUTPUT,
      ...CONFIGURED,
      ...MANNERS,
    ],
    run: async (words, flags, context) =>
      (await import('./cache-import.ts')).cacheImport(words, flags, context),
  },
  {
    name: 'seal',
    about: say(
      'complete the copy for clients without a network: checksum records, what proves them, .info files',
    ),
    exitCodes: EXIT_CODES,
    examples: ['rondo cache seal'],
    options: [
      { ...OFFLINE, about: say('by what the copy has; say what is missing') },
      JSON_OUTPUT,
      ...CONFIGURED,
      ...MANNERS,
    ],
    run: async (_words, flags, context) => (await import('./cache-seal.ts')).cacheSeal(flags, context),
  },
  {
    name: 'export',
    about: say('write what the copy has into a folder that serves as GOPROXY=file://…'),
    exitCodes: EXIT_CODES,
    examples: [
      'rondo cache export /media/stick',
      'rondo cache export ./proxy --go-sum go.sum',
      'rondo cache export ./proxy example.com/mod@v1.2.3',
    ],
    argument: [
      { syntax: '<folder>', about: say('the folder; it is made if it is missing') },
      { syntax: '[module[@version]...]', about: say('what to export (default: all that is held)') },
    ],
    options: [
      {
        syntax: '--go-sum <file>',
        about: say('export what this go.sum names; may be repeated'),
        parse: each,
        repeats: true,
      },
      JSON_OUTPUT,
      ...CONFIGURED,
      ...MANNERS,
    ],
    run: async (words, flags, context) =>
      (await import('./cache-export.ts')).cacheExport(words, flags, context),
  },
];
