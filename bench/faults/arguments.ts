import { parseArgs } from 'node:util';

/** What `npm run bench:faults -- …` was asked for. */
export type FaultArguments = {
  /** Names of rows, in the order given; none: all. */
  readonly rows: readonly string[];
  /** Names of contestants besides Rondo; none: all that are there. */
  readonly beside: readonly string[];
  readonly runs: number;
  readonly quick: boolean;
  /** Where results go. */
  readonly outFolder: string;
  /** Print the results as JSON in place of the table. */
  readonly json: boolean;
  readonly help: boolean;
};

/** What `--help` prints. */
export const FAULTS_HELP = `npm run bench:faults -- [--row NAME,NAME…] [--beside NAME,…] [--runs R] [--quick] [--out FOLDER] [--json]

Puts Rondo and other proxies in front of three mirrors each, lets the mirrors go bad, and counts right answers.

  --row NAME,…     only these rows of the table of faults (default: all; a wrong name lists them)
  --beside NAME,…  only these beside Rondo: nginx, haproxy, caddy, goproxy
  --runs R         runs of each row (default: 3)
  --quick          one run with all times divided by four, to try it out; results go to <date>-faults-quick.*
  --out FOLDER     where <date>-faults.json, .md and .svg go (default: bench/results)
  --json           print JSON in place of the table
  --help           this text

Programs are found on PATH or named by the environment: BENCH_NGINX, BENCH_HAPROXY, BENCH_CADDY,
BENCH_GOPROXY. One that is not there is named as missing; nothing is built or installed.

Example: BENCH_GOPROXY=~/go/bin/goproxy npm run bench:faults -- --row hang,reset --runs 5
`;

/** Reads the arguments of bench/faults/run.ts. Throws an Error that can be shown. */
export function parseFaultArguments(argv: readonly string[], outFolder: string): FaultArguments {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      row: { type: 'string', multiple: true, default: [] },
      beside: { type: 'string', multiple: true, default: [] },
      runs: { type: 'string' },
      quick: { type: 'boolean', default: false },
      out: { type: 'string', default: outFolder },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
    allowPositionals: false,
  });
  const runs = values.runs ?? (values.quick ? '1' : '3');
  if (!/^[1-9]\d{0,2}$/.test(runs)) throw new Error(`--runs needs a whole number from 1, not "${runs}"`);
  return {
    rows: listOf(values.row),
    beside: listOf(values.beside),
    runs: Number(runs),
    quick: values.quick,
    outFolder: values.out,
    json: values.json,
    help: values.help,
  };
}

function listOf(values: readonly string[]): string[] {
  const names = values.flatMap((list) => list.split(',')).map((name) => name.trim());
  return [...new Set(names.filter((name) => name !== ''))];
}
