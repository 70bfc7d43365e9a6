import { createApp } from '../app.ts';
import type { Chain } from '../config/config.ts';
import { saveKeptChain } from '../config/kept-chain.ts';
import { messageOf, RondoError } from '../errors/rondo-error.ts';
import { banner } from './banner.ts';
import type { CliContext } from './context.ts';
import { drainOnSignal } from './drain.ts';
import { EXIT } from './exit-code.ts';
import type { Flags } from './flags.ts';
import { goSettingsFor } from './go-settings-for.ts';
import { loadUserConfig } from './user-config.ts';
import { VERSION } from './version.ts';

/**
 * `rondo serve`: runs until SIGINT or SIGTERM. Resolves with the exit code: 0 after a drain, 130 where a
 * second signal forced the end.
 * @throws RondoError E_NO_CHAIN, E_PORT_IN_USE, E_LISTEN, E_CACHE_DIR, E_CONFIG, E_BAD_MIRROR_URL
 */
export async function serve(flags: Flags, context: CliContext): Promise<number> {
  const { config, stateDir } = await loadUserConfig(flags, context);
  const { chain, server, go } = config;
  const offline = flags.offline === true;
  if (chain.mirrors.length === 0 && !offline) throw nothingToStandInFrontOf(chain);
  const { clock, env } = context;
  const logRequests =
    config.log.requests === 'auto' ? !context.stderrIsTerminal : config.log.requests === 'on';
  const app = await createApp({ config, version: VERSION, offline, clock, random: Math.random, logRequests });
  let end: Promise<'drained' | 'forced'>;
  try {
    const bound = await app.listen(server.listen.host, server.listen.port);
    // Before anybody can know that it runs.
    end = drainOnSignal({
      clock,
      onSignal: context.onSignal,
      drain: () => app.drain(),
      force: () => app.force(),
      onDraining: () => context.words('rondo: finishing what is under way; once more to stop at once\n'),
    });
    const { url } = bound;
    const variables = goSettingsFor(url, chain, go, false);
    if (chain.mirrors.length > 0) await keepChain(stateDir, bound, chain, context);
    const facts = {
      version: VERSION,
      startedInMs: context.sinceStartMs(),
      url,
      config,
      offline,
      variables,
      env,
    };
    const { words, data } = banner(facts);
    context.words(words);
    context.data(data);
  } catch (error) {
    await app.force();
    throw error;
  }
  return (await end) === 'drained' ? EXIT.ok : EXIT.interrupted;
}

/** Before the line is printed: once it is pasted, go's setting names only Rondo (spec config.md). Only what the user chose is kept. */
async function keepChain(
  stateDir: string,
  address: { readonly host: string; readonly port: number },
  chain: Chain,
  context: CliContext,
): Promise<void> {
  try {
    const isKept = await saveKeptChain(stateDir, { host: address.host, port: address.port }, chain);
    if (isKept) return;
    context.warn(
      `this chain is not kept, since ${chain.trusted ? 'it was kept for another address' : 'its file is not trusted'}; name your mirrors in a .goproxy of your own before pasting the line`,
    );
  } catch (error) {
    context.warn(
      `the chain could not be kept in ${stateDir}: ${messageOf(error)}; name it in .goproxy before pasting the line`,
    );
  }
}

function nothingToStandInFrontOf({ end, origin }: Chain): RondoError {
  return new RondoError(
    'E_NO_CHAIN',
    `${origin} names no mirror (only ${end ?? 'nothing'}): there is nothing to stand in front of`,
    {
      hint: 'name the mirrors in GOPROXY or in a .goproxy, e.g. GOPROXY=https://goproxy.cn,direct',
    },
  );
}
