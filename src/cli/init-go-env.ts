import { saveKeptChain } from '../config/kept-chain.ts';
import { printable } from '../config/quote.ts';
import { RondoError, saidBy } from '../errors/rondo-error.ts';
import type { GoEnvironment } from '../host/go-env.ts';
import { setGoEnv } from '../host/set-go-env.ts';
import { shellWord } from '../kit/shell-word.ts';
import { serverUrl } from '../probe-mirrors.ts';
import { goEnvLines } from './banner.ts';
import type { CliContext } from './context.ts';
import type { Flags } from './flags.ts';
import { goSettingsFor } from './go-settings-for.ts';
import { loadUserConfig } from './user-config.ts';
import { render } from '../words/render.ts';
import { say, type Text } from '../words/text.ts';
import { shownLine } from './shown-line.ts';

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
  const { words, confirm, env, table } = context;
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
    context.warn(
      say('GOPROXY in the environment comes before the file: unset it where Rondo is to use the file'),
    );
  }
  const line = (text: Text): void => words(shownLine(render(text, table)));
  const next = say('Next: {command}', { command: serve });
  if (server.listen.port === 0) return line(next);
  const variables = goSettingsFor(serverUrl(server).href.replace(/\/$/, ''), chain, go, false);
  const commands = goEnvLines(variables).join('; ');
  // As serve does before it prints such a line: once it is pasted, go's setting names only Rondo.
  await saveKeptChain(written.stateDir, server.listen, chain).catch((error: unknown) =>
    context.warn(
      say('the chain could not be kept in {stateDir}: {why}', {
        stateDir: written.stateDir,
        why: saidBy(error),
      }),
    ),
  );
  const question = say('Let go use Rondo from now on ({commands})? Builds then need a running Rondo.', {
    commands,
  });
  const { command } = written.go;
  const asks = flags.yes !== true && confirm !== undefined && command !== undefined;
  if (flags.setGoEnv === true || (asks && (await confirm(render(question, table))))) {
    const problem =
      command === undefined ? say('there is no go on PATH') : await setGoEnv(command, variables, env);
    if (problem !== undefined) {
      const why = typeof problem === 'string' ? printable(problem) : problem;
      throw new RondoError('E_CONFIG', say('go env -w failed: {problem}', { problem: why }), {
        hint: commands,
      });
    }
    context.tell(say('go uses Rondo from now on'));
    return line(next);
  }
  line(next);
  line(say('So that go uses it: {commands}', { commands }));
}
