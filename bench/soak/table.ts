import { formatValue } from '../frame/format.ts';
import { markdownRows } from '../frame/markdown.ts';
import { summarise } from '../frame/statistics.ts';
import type { SoakResult } from './soak-result.ts';
import { faultsFound, minuteMedians, plateaus, type Plateau } from './verdict.ts';
import type { ProcessSample } from './watch-process.ts';

/** The result as a page of Markdown: a table, then what went wrong and what each minute had. Pure. */
export function soakTable(result: SoakResult): string {
  const { troubles, builds } = result;
  const found = faultsFound(result);
  const parts = [
    markdownRows([['soak', ''], ...loadRows(result), ...processRows(result)]),
    bullets(
      Object.entries(troubles)
        .toSorted(([a, one], [b, other]) => weight(b) - weight(a) || other - one)
        .map(([said, count]) => `${count}x ${said}`),
    ),
    bullets([...new Set(builds.failures)].map((said) => `build: ${said}`)),
    found.length === 0 ? 'Everything held.' : `${found.length} did not hold:\n\n${bullets(found)}`,
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

/** Wrong bytes are told first, however few they are. */
function weight(trouble: string): number {
  return trouble.startsWith('wrong') ? 1 : 0;
}

/** So many of the spells, by what their requests took. */
const SLOWEST = 5;
/** Of what is said more often than that, the rest is left out. */
const MOST = 20;

function bullets(lines: readonly string[]): string {
  return lines
    .slice(0, MOST)
    .map((line) => `- ${line.replaceAll('\n', ' ')}`)
    .join('\n');
}

function loadRows(result: SoakResult): string[][] {
  const { minutes, ratePerSecond, seed, spells, rows, figures, cold, builds } = result;
  const { lagP99Ms, loadAverage, cpuSeconds } = result;
  const slowest = spells.toSorted((one, other) => other.p99Ms - one.p99Ms).slice(0, SLOWEST);
  const { endings, requests, attemptsPerRequest } = figures;
  const { right, wrong, ...failures } = endings;
  const failed = Object.entries(failures).map(([ending, count]) => `${count} ${ending}`);
  const times = [figures.p50Ms, figures.p99Ms, figures.maxMs].map((ms) => Math.round(ms));
  const took = summarise(builds.tookMs);
  const timesOfBuilds =
    took === undefined ? '' : `, median ${Math.round(took.median)} ms, longest ${Math.round(took.max)} ms`;
  return [
    ['load', `${minutes} min, ${ratePerSecond} requests a second, seed ${seed}`],
    ['faults', `${spells.length} times, of ${rows} kinds`],
    ['requests', `${requests}, ${cold} of them for a file that nobody had asked for`],
    ['right', `${right}`],
    ['wrong', `${wrong}`],
    ['failed', failed.join(', ')],
    ['p50, p99, longest', `${times.join(', ')} ms`],
    ['slowest', slowest.map(({ words, p99Ms }) => `${words}: p99 ${Math.round(p99Ms)} ms`).join('; ')],
    ['machine', `load average ${loadAverage}; the load came ${Math.round(lagP99Ms)} ms late (p99)`],
    ['Rondo', `${Math.round(cpuSeconds)} s of CPU`],
    ['attempts', `${attemptsPerRequest.toFixed(2)} a request, those of the builds among them`],
    ['builds', `${builds.count}, ${builds.failures.length} failed${timesOfBuilds}`],
  ];
}

function processRows(result: SoakResult): string[][] {
  const { samples, before, after, evictedFiles } = result;
  const { memory, files, 'other files': others } = plateaus(result);
  const bytes = (value: number): string => formatValue(value, 'bytes');
  const line = (
    name: string,
    value: (sample: Omit<ProcessSample, 'atMs'>) => number,
    format: (value: number) => string,
    plateau?: Plateau,
  ): string[] => {
    const medians = minuteMedians(samples, value).map(format);
    const most = format(Math.max(...samples.map(value)));
    const ends = `${format(value(before))} before, ${most} at most, ${format(value(after))} after`;
    const judged = plateau === undefined ? [] : [judgement(plateau, format)];
    return [name, [ends, `by minute ${medians.join(', ')}`, ...judged].join('; ')];
  };
  return [
    line('memory', ({ residentBytes }) => residentBytes, bytes, memory),
    line('open files', (sample) => sample.files, String, files),
    line('sockets', ({ sockets }) => sockets, String),
    line('sockets to mirrors', ({ toMirrors }) => toMirrors, String),
    line('open files but those', (sample) => sample.files - sample.toMirrors, String, others),
    line('threads', ({ threads }) => threads, String),
    ['copy', `${evictedFiles} files given up, ${after.wrongFiles.length} wrong`],
  ];
}

function judgement(plateau: Plateau, format: (value: number) => string): string {
  if (plateau.state === 'unknown') return 'too short to tell whether that is flat';
  return `minute 3 to the last: ${format(plateau.third)} to ${format(plateau.last)}, ${plateau.state}`;
}
