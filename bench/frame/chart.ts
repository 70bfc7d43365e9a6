import { escapeXml } from './escape-xml.ts';
import { formatRatio } from './format.ts';
import { goalFactor } from './goals.ts';
import type { CaseResult, Results } from './results.ts';

/** One bar: how far a goal's median is beyond the goal. */
type Bar = {
  readonly words: string;
  readonly kind: 'met' | 'missed' | 'unjudged';
  /** What stands beside the bar: met, missed … */
  readonly state: string;
  /** 1 is the goal, more is better, whichever way the goal goes. */
  readonly median: number;
  readonly low: number;
  readonly high: number;
};

const WIDTH = 980;
const LABEL_WIDTH = 430;
const VALUE_WIDTH = 210;
const ROW = 24;
const TOP = 64;
const PLOT_WIDTH = WIDTH - LABEL_WIDTH - VALUE_WIDTH;
/** No text is longer than its column at 12 px. */
const LABEL_CHARACTERS = 66;

// Blue and orange can be told apart by nearly everybody, on white and on black, and a word stands beside each.
const STYLE = `
  text { font: 12px system-ui, sans-serif; fill: #1f2328 }
  .title { font-size: 15px; font-weight: 600 } .faint { fill: #59636e }
  .met { fill: #1a66b8 } .missed { fill: #c2570c } .unjudged { fill: #8b949e }
  .grid { stroke: #8b949e; stroke-opacity: .35 } .goal { stroke: #1f2328; stroke-width: 1.5 }
  .range { stroke: #1f2328; stroke-opacity: .75 }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 } .faint { fill: #9198a1 } .met { fill: #58a6ff } .missed { fill: #f0883e }
    .goal, .range { stroke: #e6edf3 }
  }`;

/**
 * A bar for each goal that was measured: its median as a multiple of the goal on a logarithmic scale, to the
 * right of the line where the goal is reached, to the left where not, with the range over the runs; grey where the
 * runs were too few to judge by. Written by hand: one
 * kind of bar, no script, and readers see it in light and dark. Pure.
 */
export function resultsChart({ date, cases }: Results): string {
  const bars = cases.flatMap(barsOf);
  const scale = scaleOf(bars);
  const height = TOP + Math.max(1, bars.length) * ROW + 30;
  const bottom = TOP + bars.length * ROW;
  const title = `Goals of the bench of ${date}`;
  const body = [
    `<rect width="100%" height="100%" fill="none"/>`,
    `<text class="title" x="10" y="24">${escapeXml(title)}</text>`,
    `<text class="faint" x="10" y="44">median as a multiple of its goal, range over the runs; right of the line: met</text>`,
    ...scale.ticks.map((tick) => tickMarks(tick, scale.at(tick), bottom)),
    ...bars.map((bar, index) => barMarks(bar, TOP + index * ROW, scale)),
    ...(bars.length === 0 ? [`<text x="10" y="${TOP + 16}">No goal was measured.</text>`] : []),
  ];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-labelledby="title desc">`,
    `<title id="title">${escapeXml(title)}</title>`,
    `<desc id="desc">${escapeXml(describe(bars))}</desc>`,
    `<style>${STYLE}\n</style>`,
    ...body,
    '</svg>\n',
  ].join('\n');
}

function barsOf({ number, goals }: CaseResult): Bar[] {
  return goals.flatMap((goal) => {
    const { outcome } = goal;
    if (outcome.state === 'peer missing' || outcome.state === 'not measured') return [];
    const ends = [goalFactor(goal, outcome.min), goalFactor(goal, outcome.max)];
    const median = goalFactor(goal, outcome.median);
    const [low, high] = ends.map((end) => end ?? median);
    if (median === undefined || low === undefined || high === undefined) return [];
    const range = { low: Math.min(low, high), high: Math.max(low, high) };
    const { state } = outcome;
    const kind = state === 'too few runs' ? 'unjudged' : state.startsWith('met') ? 'met' : 'missed';
    return [{ words: `${number}: ${goal.words}`, kind, state, median, ...range }];
  });
}

type Scale = { readonly ticks: readonly number[]; at(factor: number): number };

/** Powers of ten around all bars, or twos where everything is near its goal. */
function scaleOf(bars: readonly Bar[]): Scale {
  const all = [0.5, 2, ...bars.flatMap(({ low, high }) => [low, high])];
  const [least, greatest] = [Math.min(...all), Math.max(...all)];
  const base = greatest / least > 64 ? 10 : 2;
  const from = Math.floor(Math.log(least) / Math.log(base) + 1e-9);
  const to = Math.ceil(Math.log(greatest) / Math.log(base) - 1e-9);
  const ticks = Array.from({ length: to - from + 1 }, (_, index) => base ** (from + index));
  const at = (factor: number): number => {
    const exponent = Math.log(factor) / Math.log(base);
    return round(LABEL_WIDTH + ((exponent - from) / (to - from)) * PLOT_WIDTH);
  };
  return { ticks, at };
}

function tickMarks(tick: number, x: number, bottom: number): string {
  const kind = tick === 1 ? 'goal' : 'grid';
  const label = tick === 1 ? 'goal' : formatRatio(tick);
  return `<line class="${kind}" x1="${x}" x2="${x}" y1="${TOP - 4}" y2="${bottom}"/><text class="faint" x="${x}" y="${bottom + 16}" text-anchor="middle">${label}</text>`;
}

function barMarks(bar: Bar, top: number, scale: Scale): string {
  const [goal, end] = [scale.at(1), scale.at(bar.median)];
  const middle = top + ROW / 2;
  const width = Math.max(1.5, round(Math.abs(end - goal)));
  return [
    `<text x="10" y="${middle + 4}">${escapeXml(shortened(bar.words))}</text>`,
    `<rect class="${bar.kind}" x="${Math.min(goal, end)}" y="${top + 4}" width="${width}" height="${ROW - 8}"/>`,
    `<line class="range" x1="${scale.at(bar.low)}" x2="${scale.at(bar.high)}" y1="${middle}" y2="${middle}"/>`,
    `<text x="${WIDTH - VALUE_WIDTH + 10}" y="${middle + 4}">${formatRatio(bar.median)} ${bar.state}</text>`,
  ].join('');
}

function describe(bars: readonly Bar[]): string {
  const lines = bars.map(
    ({ words, state, median }) => `${words}: ${formatRatio(median)} of the goal, ${state}`,
  );
  return lines.length === 0 ? 'No goal was measured.' : `${lines.join('; ')}.`;
}

function shortened(text: string): string {
  return text.length <= LABEL_CHARACTERS ? text : `${text.slice(0, LABEL_CHARACTERS - 1)}…`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
