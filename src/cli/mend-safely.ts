import type { Finding } from '../doctor/finding.ts';
import { unsetGoEnv } from '../host/set-go-env.ts';
import type { CliContext } from './context.ts';
import type { Flags } from './flags.ts';
import { shownLine } from './shown-line.ts';

/**
 * Mends what can be mended without harm, and undone: each is shown, and asked for, unless `--yes` says so. Without a
 * terminal and without it nothing is changed. Rejects with E_INTERRUPTED on Ctrl-C.
 */
export async function mendSafely(
  findings: readonly Finding[],
  go: string | undefined,
  flags: Flags,
  { words, confirm, env }: CliContext,
): Promise<void> {
  const safe = findings.flatMap((finding) =>
    finding.safe === undefined ? [] : [{ ...finding, safe: finding.safe }],
  );
  if (safe.length === 0)
    return words('rondo: nothing of it can be mended by itself; see the lines that begin with fix\n');
  if (go === undefined) return;
  for (const { what, safe: fix } of safe) {
    const line = `go env -u ${fix.unset}`;
    const agreed = flags.yes === true || (await confirm?.(`${what}. ${line}?`)) === true;
    if (!agreed) {
      words(shownLine(`rondo: left as it is: ${what}${confirm === undefined ? ' (--yes mends it)' : ''}`));
      continue;
    }
    const problem = await unsetGoEnv(go, [fix.unset], env);
    words(shownLine(problem === undefined ? `rondo: done: ${line}` : `rondo: ${line} failed: ${problem}`));
  }
}
