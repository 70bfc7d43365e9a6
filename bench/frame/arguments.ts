import { parseArgs } from 'node:util';

/** What `npm run bench -- …` was asked for. */
export type BenchArguments = {
  /** Numbers of cases, in the order given; none: all. */
  readonly cases: readonly number[];
  readonly runs: number;
  readonly quick: boolean;
  /** Where results go. */
  readonly outFolder: string;
  /** Print the results as JSON in place of the table. */
  readonly json: boolean;
  /** Results that are there: judge them anew and measure nothing. */
  readonly rejudge: string | undefined;
  readonly help: boolean;
};

/** What `--help` prints. */
export const HELP = `npm run bench -- [--case N,N…] [--runs R] [--quick] [--out FOLDER] [--json]

Measures Rondo and its peers side by side and prints ratios against the goals.

  --case N,N…   only these cases (default: all)
  --runs R      runs of each case, each with every contestant once (default: 5)
  --quick       short loads, to try a case out; results go to <date>-quick.*
  --out FOLDER  where <date>.json, .md and .svg go (default: bench/results)
  --json        print JSON in place of the table
  --rejudge F   measure nothing: judge the results in <date>.json anew, renew page and chart
  --help        this text

Peers are found on PATH or named by the environment: BENCH_GOPROXY, BENCH_ATHENS,
BENCH_GOPROXYIO, BENCH_NGINX; the load generator by BENCH_WRK. One that is not
there is named as missing; nothing is built or installed.

Example: BENCH_GOPROXY=~/go/bin/goproxy npm run bench -- --case 1,3 --runs 5
`;

/** Reads the arguments of bench/run.ts. Throws an Error that can be shown. */
export function parseBenchArguments(argv: readonly string[], outFolder: string): BenchArguments {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      case: { type: 'string', multiple: true, default: [] },
      runs: { type: 'string', default: '5' },
      quick: { type: 'boolean', default: false },
      out: { type: 'string', default: outFolder },
      json: { type: 'boolean', default: false },
      rejudge: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
    allowPositionals: false,
  });
  const cases = values.case
    .flatMap((list) => list.split(','))
    .map((text) => positiveInteger('--case', text.trim()));
  return {
    cases: [...new Set(cases)],
    runs: positiveInteger('--runs', values.runs),
    quick: values.quick,
    outFolder: values.out,
    json: values.json,
    rejudge: values.rejudge,
    help: values.help,
  };
}

function positiveInteger(flag: string, text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new Error(`${flag} needs a whole number from 1, not "${text}"`);
  return Number(text);
}
