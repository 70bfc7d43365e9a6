import { escapeXml } from '../frame/escape-xml.ts';
import type { FaultResults } from './fault-results.ts';
import { standingsOf, type FaultLine, type RowStanding } from './standings.ts';
import { shortCell } from './table.ts';

const LABEL_WIDTH = 320;
const CELL_WIDTH = 190;
const BAR_WIDTH = 180;
const ROW = 26;
const TOP = 84;

/** As many as there are: all right. Rounding is no mistake. */
const ALL_PERCENT = 99.95;

// Blue and orange can be told apart by nearly everybody, on white and on black, and the share stands in each bar.
const STYLE = `
  text { font: 12px system-ui, sans-serif; fill: #1f2328 }
  .title { font-size: 15px; font-weight: 600 } .faint { fill: #59636e } .head { font-weight: 600 }
  .all { fill: #1a66b8; fill-opacity: .35 } .some { fill: #c2570c; fill-opacity: .45 }
  .frame { fill: none; stroke: #8b949e; stroke-opacity: .5 }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 } .faint { fill: #9198a1 } .all { fill: #58a6ff } .some { fill: #f0883e }
  }`;

/**
 * A bar for each contestant in each row: the share of right answers, blue where all were right, orange where not, with
 * that share and the p99 beside it. Pure.
 */
export function faultChart(results: FaultResults): string {
  const standings = standingsOf(results);
  const columns = results.subjects.filter((each) => !('missing' in each));
  const width = LABEL_WIDTH + columns.length * CELL_WIDTH + 10;
  const height = TOP + Math.max(1, standings.length) * ROW + 16;
  const title = `Right answers while one mirror of three is bad, ${results.date}`;
  const heads = columns.map(
    ({ label }, index) =>
      `<text class="head" x="${LABEL_WIDTH + index * CELL_WIDTH}" y="${TOP - 12}">${escapeXml(label)}</text>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="title desc">`,
    `<title id="title">${escapeXml(title)}</title>`,
    `<desc id="desc">${escapeXml(describe(standings))}</desc>`,
    `<style>${STYLE}\n</style>`,
    `<text class="title" x="10" y="24">${escapeXml(title)}</text>`,
    `<text class="faint" x="10" y="44">share of right answers (blue: all of them), and the p99 of those; * nobody was better</text>`,
    ...heads,
    ...standings.map((standing, index) =>
      rowMarks(
        standing,
        columns.map(({ name }) => name),
        TOP + index * ROW,
      ),
    ),
    '</svg>\n',
  ].join('\n');
}

function rowMarks({ row, lines }: RowStanding, columns: readonly string[], top: number): string {
  const cells = columns.map((name, index) => {
    const line = lines.find(({ contestant }) => contestant === name);
    return line === undefined ? '' : cellMarks(line, LABEL_WIDTH + index * CELL_WIDTH, top);
  });
  return `<text x="10" y="${top + 17}">${escapeXml(row.what)}</text>${cells.join('')}`;
}

function cellMarks(line: FaultLine, x: number, top: number): string {
  const percent = line.summary('rightPercent')?.median ?? 0;
  const width = Math.round((percent / 100) * BAR_WIDTH);
  const kind = percent >= ALL_PERCENT ? 'all' : 'some';
  return [
    `<rect class="${kind}" x="${x}" y="${top + 3}" width="${width}" height="${ROW - 6}"/>`,
    `<rect class="frame" x="${x}" y="${top + 3}" width="${BAR_WIDTH}" height="${ROW - 6}"/>`,
    `<text x="${x + 5}" y="${top + 17}">${escapeXml(shortCell(line))}</text>`,
  ].join('');
}

function describe(standings: readonly RowStanding[]): string {
  const rows = standings.map(({ row, lines }) => {
    const cells = lines.map((line) => `${line.contestant} ${shortCell(line)}`);
    return `${row.what}: ${cells.join(', ')}`;
  });
  return rows.length === 0 ? 'Nothing was measured.' : `${rows.join('; ')}.`;
}
