import { machineWords } from './machine.ts';
import { escapeCell, markdownRows } from './markdown.ts';
import { goalRows, measureRows, subjectSentence, usageRows } from './rows.ts';
import type { CaseResult, Results } from './results.ts';

/** The page beside the JSON: every case with its goals, numbers and conditions. `chart` is the SVG's file name. */
export function resultsPage(results: Results, chart: string): string {
  const { date, cases } = results;
  const parts = [
    `# Bench of ${date}`,
    'Made by `npm run bench`. Ratios are taken pair by pair within a run; a goal is met when their median over enough runs meets it, `within the spread` where single runs do not agree; what may not happen once must be met by each run. How it is measured: `bench/README.md` of the repository.',
    `![Each goal's median as a multiple of the goal](${chart})`,
    ...cases.map(casePart),
  ];
  return `${parts.join('\n\n')}\n`;
}

function casePart(result: CaseResult): string {
  const { number, title, end, notes, conditions } = result;
  const parts = [
    `## ${number}. ${escapeCell(title)}`,
    end.state === 'done' ? '' : `**${end.state}**: ${escapeCell(end.reason)}`,
    result.goals.length > 0 ? markdownRows(goalRows(result)) : '',
    result.summaries.length > 0 ? markdownRows(measureRows(result)) : '',
    result.usage.length > 0 ? markdownRows(usageRows(result)) : '',
    notes.map((note) => `- Note: ${escapeCell(note)}`).join('\n'),
    conditions.map((condition) => `- ${escapeCell(condition)}`).join('\n'),
    `${escapeCell(subjectSentence(result))}. ${machineSentence(result)}`,
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

function machineSentence({ machine, loadAverages, runs, startedAt, quick }: CaseResult): string {
  return `${runs} runs from ${startedAt}${quick ? ', quick (not for keeping)' : ''} on ${machineWords(machine)}; load average ${loadAverages.before.join(' ')} before, ${loadAverages.after.join(' ')} after.`;
}
