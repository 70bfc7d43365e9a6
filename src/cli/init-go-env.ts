import { saveKeptChain } from '../config/kept-chain.ts';
import { printable } from '../config/quote.ts';
import { messageOf, RondoError } from '../errors/rondo-error.ts';
import type { GoEnvironment } from '../host/go-env.ts';
import { setGoEnv } from '../host/set-go-env.ts';
import { shellWord } from '../kit/shell-word.ts';
import { serverUrl } from '../probe-mirrors.ts';
import { goEnvLines } from './banner.ts';
import type { CliContext } from './context.ts';
import type { Flags } from './flags.ts';
import { goSettingsFor } from './go-settings-for.ts';
import { loadUserConfig } from './user-config.ts';
import { say } from '../words/text.ts';

/** What was written, and where things lie. */
export type Written = {
  readonly path: string;
  /** It is the file that a command in this folder finds by itself. */
  readonly isDefault: boolean;
  readonly go: GoEnvironment;
  readonly stateDir: string;
};

/**
 * Says how go comes to use Rondo and what to run next; runs `go env -w` only where a person or --set-go-env says
 * so: until Rondo runs, go would find nobody.
 * @throws RondoError E_CONFIG where `go env -w` was wanted and failed; E_INTERRUPTED
 */
export async function offerGoEnv(written: Written, flags: Flags, context: CliContext): Promise<void> {
  const { words, confirm, env } = context;
  // As `serve` will read it; its warnings have been shown, or will be there.
  const { config } = await loadUserConfig(
    { config: written.path, offline: true },
    { ...context, warn: () => undefined },
  );
  const { chain, go, server } = config;
  const serve = written.isDefault
    ? 'rondo serve'
    : `rondo serve --config ${shellWord(printable(written.path))}`;
  if (written.isDefault && env['GOPROXY']) {
    context.warn('GOPROXY in the environment comes before the file: unset it where Rondo is to use the file');
  }
  if (server.listen.port === 0) return words(`Next: ${serve}\n`);
  const variables = goSettingsFor(serverUrl(server).href.replace(/\/$/, ''), chain, go, false);
  const lines = goEnvLines(variables);
  // As serve does before it prints such a line: once it is pasted, go's setting names only Rondo.
  await saveKeptChain(written.stateDir, server.listen, chain).catch((error: unknown) =>
    context.warn(`the chain could not be kept in ${written.stateDir}: ${messageOf(error)}`),
  );
  const question = `Let go use Rondo from now on (${lines.join('; ')})? Builds then need a running Rondo.`;
  const command = written.go.command;
  const asks = flags.yes !== true && confirm !== undefined && command !== undefined;
  if (flags.setGoEnv === true || (asks && (await confirm(question)))) {
    const problem =
      command === undefined ? 'there is no go on PATH' : await setGoEnv(command, variables, env);
    if (problem !== undefined) {
      throw new RondoError('E_CONFIG', say('go env -w failed: {problem}', { problem: printable(problem) }), {
        hint: lines.join('; '),
      });
    }
    return words(`rondo: go uses Rondo from now on\nNext: ${serve}\n`);
  }
  words(`Next: ${serve}\nSo that go uses it: ${lines.join('; ')}\n`);
}
