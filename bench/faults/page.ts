import { machineWords } from '../frame/machine.ts';
import { escapeCell, markdownRows } from '../frame/markdown.ts';
import type { FaultResults } from './fault-results.ts';
import { detailRows, subjectWords } from './table.ts';

/** The page beside the JSON: every number, and how it was measured. `chart` is the SVG's file name. */
export function faultPage(results: FaultResults, chart: string): string {
  const { date, notes, conditions } = results;
  const parts = [
    `# Faults of ${date}, by what stands in front of the mirrors`,
    'Made by `npm run bench:faults`. Medians, with the range over the runs. `right` is as the row wants it, p50 and p99 are those of right answers, `longest` is the longest that any client waited; `attempts` are requests to the mirrors a request; `first right` and `within 5 s` are counted from the return of mirrors that were all gone. `*`: nobody was better, by more right answers or by being clearly quicker in p99 and in the longest wait.',
    `![Right answers of each program in each row](${chart})`,
    markdownRows(detailRows(results)),
    notes.map((note) => `- Note: ${escapeCell(note)}`).join('\n'),
    conditions.map((condition) => `- ${escapeCell(condition)}`).join('\n'),
    `${escapeCell(subjectWords(results))}. ${whereAndWhen(results)}`,
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

/** When, how often and on what it was measured. */
export function whereAndWhen(results: FaultResults): string {
  const { runs, startedAt, quick, machine, loadAverages } = results;
  return `${runs} runs from ${startedAt}${quick ? ', quick (not for keeping)' : ''} on ${escapeCell(machineWords(machine))}; load average ${loadAverages.before.join(' ')} before, ${loadAverages.after.join(' ')} after.`;
}
