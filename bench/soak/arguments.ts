import { parseArgs } from 'node:util';

/** What `npm run soak -- …` was asked for. */
export type SoakArguments = {
  readonly minutes: number;
  readonly ratePerSecond: number;
  /** Undefined: any. */
  readonly seed: number | undefined;
  /** Print the result as JSON in place of the table. */
  readonly json: boolean;
  readonly help: boolean;
};

/** What `--help` prints. */
export const SOAK_HELP = `npm run soak -- [--minutes N] [--rate N] [--seed N] [--json]

Loads one Rondo while its mirrors go bad and get well, builds with go through it every few seconds, checks every body
by SHA-256, and says at the end whether an answer was wrong and whether memory and open files stayed flat.

  --minutes N   how long, e.g. 0.5 (default: 10; less than 5 do not tell whether memory is flat)
  --rate N      requests a second (default: 300)
  --seed N      of the load and of the faults, a whole number (default: any; it is printed)
  --json        print the result as JSON in place of the table
  --help        this text

Exit code 1 if something did not hold. Everything is at 127.0.0.1.

Example: npm run soak -- --minutes 30 --seed 7
`;

const MOST_MINUTES = 1440;
const MOST_PER_SECOND = 5000;

/** Reads the arguments of bench/soak/run.ts. Throws an Error that can be shown. */
export function parseSoakArguments(argv: readonly string[]): SoakArguments {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      minutes: { type: 'string', default: '10' },
      rate: { type: 'string', default: '300' },
      seed: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
    allowPositionals: false,
  });
  const { minutes, rate, seed, json, help } = values;
  if (seed !== undefined && !/^\d{1,9}$/.test(seed))
    throw new Error(`--seed needs a whole number of at most 9 digits, not "${seed}"`);
  return {
    minutes: positive('--minutes', minutes, MOST_MINUTES),
    ratePerSecond: positive('--rate', rate, MOST_PER_SECOND),
    seed: seed === undefined ? undefined : Number(seed),
    json,
    help,
  };
}

function positive(flag: string, text: string, most: number): number {
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : 0;
  if (value > 0 && value <= most) return value;
  throw new Error(`${flag} needs a number above 0 and up to ${most}, not "${text}"`);
}
