/**
 * Whether a page tells the truth about a command's output: undefined if so, else the first line of the page that
 * the output does not have in its place. Lines stand in order and next to each other; a line of `…` alone is any
 * number of lines, `…` inside a line any text. Numbers that differ from run to run (times, sizes, counts) are
 * compared as "a number"; those of versions, names and addresses as they are. Pure.
 */
export function firstUntrueLine(expected: string, output: string): string | undefined {
  const wanted = linesOf(expected);
  const found = linesOf(output);
  return search(wanted, found);
}

/** Matches greedily from the front; a gap lets the next line stand anywhere further down. */
function search(wanted: readonly string[], found: readonly string[]): string | undefined {
  let at = 0;
  let gap = false;
  for (const line of wanted) {
    if (line === '…') {
      gap = true;
      continue;
    }
    const pattern = patternOf(line);
    const next = gap ? found.findIndex((each, index) => index >= at && pattern.test(each)) : at;
    if (next < 0 || !pattern.test(found[next] ?? '')) return line;
    at = next + 1;
    gap = false;
  }
  return gap || at === found.length ? undefined : `(the end, where there is: ${found[at] ?? ''})`;
}

function patternOf(line: string): RegExp {
  const literal = line.split('…').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${literal.join('.*')}$`);
}

function linesOf(text: string): string[] {
  // oxlint-disable-next-line no-control-regex -- colours of terminals
  const plain = text.replaceAll(/\x1b\[[\d;]*m/g, '').split('\n');
  const lines = plain.map((line) => withoutNumbers(line).replaceAll(/ {2,}/g, '  ').trimEnd());
  while (lines.at(-1) === '') lines.pop();
  return lines;
}

/** Numbers that stand alone, or with a unit, but no exit codes; columns are as wide as their numbers, so runs of blanks are one. */
function withoutNumbers(line: string): string {
  return line.replaceAll(/(?<![\w.:/@-]|\bcode )\d+(?:\.\d+)?(?=$|[\s,;)%]|(?:ms|s|B|[KMGT]iB)\b)/g, '0');
}
