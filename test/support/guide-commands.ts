/** What a page of the guide asks its reader to do, a step at a time. */
export type GuideStep = {
  /** Line of the page, from 1. */
  readonly line: number;
} & (
  | {
      /** A shell script that must succeed; `fresh` where it has a shell to itself, as a step of a CI job has. */
      readonly kind: 'run';
      readonly script: string;
      readonly fresh: boolean;
      readonly expected?: string;
    }
  | {
      /** One command that runs until Ctrl-C, which comes when the next such command starts or the page ends. */
      readonly kind: 'serve';
      readonly script: string;
      readonly expected?: string;
    }
  | {
      /** A file that the page tells its reader to write. */
      readonly kind: 'file';
      readonly path: string;
      readonly text: string;
    }
);

type Fence = { readonly line: number; readonly language: string; readonly lines: readonly string[] };

const UNTIL_CTRL_C = /\s#.*Ctrl-C/;

/**
 * The steps of a page in order. What is understood: `sh` (run; a command with a comment that says `Ctrl-C` stands
 * alone and runs on), `text` (the output of the block before it), `ini` whose first line is a comment with the
 * file's place (written; a systemd unit is also started), and `yaml` with `run:` steps and upper-case `env:` values, or with the `scrape_configs:` of a Prometheus (asked once).
 * Pure.
 * @throws Error with the line of a block that is none of these: it could not be tested.
 */
export function guideSteps(page: string): GuideStep[] {
  const steps: GuideStep[] = [];
  for (const fence of fencesOf(page)) {
    if (fence.language === 'text') steps.push(withOutput(steps.pop(), fence));
    else steps.push(...stepsOf(fence));
  }
  return steps;
}

function stepsOf(fence: Fence): GuideStep[] {
  switch (fence.language) {
    case 'sh':
      return [shellStep(fence)];
    case 'ini':
      return fileSteps(fence);
    case 'yaml':
      return fence.lines.includes('scrape_configs:') ? [scrapeStep(fence)] : jobSteps(fence);
    default:
      throw problem(fence, `a \`${fence.language}\` block cannot be tested: use sh, text, ini or yaml`);
  }
}

function shellStep(fence: Fence): GuideStep {
  const { line, lines } = fence;
  const script = lines.join('\n');
  if (script.trim() === '') throw problem(fence, 'the block is empty');
  if (!lines.some((each) => UNTIL_CTRL_C.test(each))) return { kind: 'run', line, script, fresh: false };
  if (lines.length > 1) throw problem(fence, 'what runs until Ctrl-C needs a block of its own');
  return { kind: 'serve', line, script: script.replace(/\s#.*$/, '') };
}

function withOutput(step: GuideStep | undefined, fence: Fence): GuideStep {
  if (step === undefined || step.kind === 'file' || step.expected !== undefined) {
    throw problem(fence, 'there is no command before this output');
  }
  return { ...step, expected: fence.lines.join('\n') };
}

/** The file, and for a unit of systemd its program, with its variables and none of the reader's shell. */
function fileSteps(fence: Fence): GuideStep[] {
  const { line, lines } = fence;
  const path = /^[;#] (\S+)$/.exec(lines[0] ?? '')?.[1];
  if (path === undefined) throw problem(fence, 'the first line must be a comment that names the file');
  const file: GuideStep = { kind: 'file', line, path, text: `${lines.join('\n')}\n` };
  const values = (key: string): string[] =>
    lines.filter((each) => each.startsWith(`${key}=`)).map((each) => each.slice(key.length + 1));
  if (!path.endsWith('.service')) return [file];
  const [program, ...more] = values('ExecStart');
  if (program === undefined || more.length > 0) throw problem(fence, 'a unit has one ExecStart');
  const variables = values('Environment').map((each) => `${each} `);
  return [file, { kind: 'serve', line, script: `${variables.join('')}${program}` }];
}

/** The `run:` steps of a CI job, each with all variables of the job. */
function jobSteps(fence: Fence): GuideStep[] {
  const { line, lines } = fence;
  const variables = lines
    .map((each) => /^\s+([A-Z][A-Z0-9_]*): (.+)$/.exec(each))
    .filter((match) => match !== null)
    .map(([, name = '', value = '']) => `export ${name}='${unquoted(value)}'\n`);
  const steps = lines.flatMap((each, index): GuideStep[] => {
    const match = /^(\s*)(- )?run: (.*)$/.exec(each);
    if (match === null) return [];
    const [, indent = '', dash = '', value = ''] = match;
    const command = value === '|' ? blockBelow(lines.slice(index + 1), `${indent}${dash}`.length) : value;
    return [{ kind: 'run', line: line + 1 + index, script: `${variables.join('')}${command}`, fresh: true }];
  });
  if (steps.length === 0) throw problem(fence, 'there is no run: in it, so nothing of it is tested');
  const unknown = steps.find((step) => 'script' in step && step.script.includes('${{'));
  if (unknown !== undefined) throw problem(unknown, 'only the CI system knows what ${{ … }} is');
  return steps;
}

/** One scrape, with what Prometheus would use. */
function scrapeStep(fence: Fence): GuideStep {
  const text = fence.lines.join('\n');
  const [, scheme = 'http'] = /^\s+scheme: (\w+)$/m.exec(text) ?? [];
  const [, path = '/metrics'] = /^\s+metrics_path: (\S+)$/m.exec(text) ?? [];
  const [, roots] = /^\s+ca_file: (\S+)$/m.exec(text) ?? [];
  const [, target] = /targets: \[([^\s,\]]+)\]/.exec(text) ?? [];
  if (target === undefined) throw problem(fence, 'there is no targets: [HOST:PORT] to scrape');
  const trust = roots === undefined ? '' : `--cacert ${roots} `;
  const script = `curl -fsS ${trust}${scheme}://${unquoted(target)}${path}`;
  return { kind: 'run', line: fence.line, script, fresh: true };
}

function blockBelow(lines: readonly string[], keyColumn: number): string {
  const end = lines.findIndex((each) => each.trim() !== '' && each.search(/\S/) <= keyColumn);
  const block = end < 0 ? lines : lines.slice(0, end);
  const margin = Math.min(...block.filter((each) => each.trim() !== '').map((each) => each.search(/\S/)));
  return block
    .map((each) => each.slice(margin))
    .join('\n')
    .trimEnd();
}

function unquoted(value: string): string {
  return value.replace(/^(['"])(.*)\1$/, '$2');
}

function fencesOf(page: string): Fence[] {
  const fences: Fence[] = [];
  let open: { line: number; language: string; lines: string[] } | undefined;
  for (const [index, text] of page.split('\n').entries()) {
    if (open === undefined) {
      const fence = /^\s*(?:```|~~~)(.*)$/.exec(text);
      if (fence !== null) open = { line: index + 1, language: (fence[1] ?? '').trim(), lines: [] };
    } else if (/^\s*(?:```|~~~)\s*$/.test(text)) {
      fences.push(open);
      open = undefined;
    } else {
      open.lines.push(text);
    }
  }
  if (open !== undefined) throw problem(open, 'the block does not end');
  return fences;
}

function problem({ line }: { readonly line: number }, message: string): Error {
  return new Error(`line ${line}: ${message}`);
}
