/**
 * `npm run check`: types, lint, format, dead code and the tidy rules, all of them whatever fails, then
 * which failed and what to do. `--fix` formats first and lets the linter mend what it safely can.
 */
import { join } from 'node:path';
import { programOf, runTool, type Tool } from './checking/tools.ts';

const root = join(import.meta.dirname, '..');

function toolsFor(fix: boolean): Tool[] {
  const lint = [programOf(root, 'oxlint'), '--type-aware', '--deny-warnings', ...(fix ? ['--fix'] : []), '.'];
  return [
    {
      name: 'format',
      command: [programOf(root, 'oxfmt'), ...(fix ? [] : ['--check']), '.'],
      help: 'npm run check -- --fix',
    },
    {
      name: 'types',
      command: [programOf(root, 'typescript', 'tsc'), '-p', '.'],
      help: 'see the messages above',
    },
    {
      name: 'types of the dashboard',
      command: [programOf(root, 'typescript', 'tsc'), '-p', 'dashboard'],
      help: 'see the messages above',
    },
    {
      name: 'lint',
      command: lint,
      help: 'npm run check -- --fix mends some; a rule that is wrong here is switched off in .oxlintrc.json',
    },
    {
      name: 'dead code and dependencies',
      command: [programOf(root, 'knip'), '--no-progress'],
      help: 'remove what nobody uses, or declare it in knip.json',
    },
    {
      name: 'tidy',
      command: [join(root, 'scripts', 'test.ts'), 'test/tidy'],
      help: 'each finding says what to do; the rules are test/tidy/rules.ts',
    },
  ];
}

const failed: Tool[] = [];
for (const tool of toolsFor(process.argv.includes('--fix'))) {
  const { ok, output, durationMs } = await runTool(root, tool);
  process.stdout.write(`${ok ? 'ok  ' : 'FAIL'} ${tool.name}  ${(durationMs / 1000).toFixed(1)} s\n`);
  if (!ok) {
    process.stdout.write(`${output.trimEnd()}\n\n`);
    failed.push(tool);
  }
}
for (const { name, help } of failed) process.stdout.write(`failed: ${name}: ${help}\n`);
process.exitCode = failed.length === 0 ? 0 : 1;
