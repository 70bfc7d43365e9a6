import { printable } from '../config/quote.ts';
import type { Finding } from '../doctor/finding.ts';
import { unsetGoEnv } from '../host/set-go-env.ts';
import { render } from '../words/render.ts';
import { say } from '../words/text.ts';
import type { CliContext } from './context.ts';
import type { Flags } from './flags.ts';

/**
 * Mends what can be mended without harm, and undone: each is shown, and asked for, unless `--yes` says so. Without a
 * terminal and without it nothing is changed. Rejects with E_INTERRUPTED on Ctrl-C.
 */
export async function mendSafely(
  findings: readonly Finding[],
  go: string | undefined,
  flags: Flags,
  { tell, confirm, env, table }: CliContext,
): Promise<void> {
  const safe = findings.flatMap((finding) =>
    finding.safe === undefined ? [] : [{ ...finding, safe: finding.safe }],
  );
  if (safe.length === 0)
    return tell(say('nothing of it can be mended by itself; see the lines that begin with fix'));
  if (go === undefined) return;
  for (const { what, safe: fix } of safe) {
    const command = `go env -u ${fix.unset}`;
    const question = printable(render(say('{what}. {command}?', { what, command }), table), 500);
    const agreed = flags.yes === true || (await confirm?.(question)) === true;
    if (!agreed) {
      tell(
        confirm === undefined
          ? say('left as it is: {what} (--yes mends it)', { what })
          : say('left as it is: {what}', { what }),
      );
      continue;
    }
    const why = await unsetGoEnv(go, [fix.unset], env);
    tell(
      why === undefined
        ? say('done: {command}', { command })
        : say('{command} failed: {why}', { command, why }),
    );
  }
}
