import { createApp } from '../app.ts';
import { addressOf, formatAddress, isLoopback, isUnspecified, type Address } from '../kit/address.ts';
import type { Chain } from '../config/config.ts';
import { saveKeptChain } from '../config/kept-chain.ts';
import { messageOf, RondoError } from '../errors/rondo-error.ts';
import { boundYoungGeneration } from '../host/young-generation.ts';
import type { AskingOptions } from '../open-mirrors.ts';
import { readServerPage } from '../probe-mirrors.ts';
import { banner } from './banner.ts';
import type { CliContext } from './context.ts';
import { drainOnSignal } from './drain.ts';
import { EXIT } from './exit-code.ts';
import type { Flags } from './flags.ts';
import { goSettingsFor } from './go-settings-for.ts';
import { loadTls, trustNotes, urlForClients } from './serve-tls.ts';
import { showNotices } from './show-notices.ts';
import { showSecurity } from './show-security.ts';
import { loadUserConfig } from './user-config.ts';
import { VERSION } from './version.ts';

/**
 * `rondo serve`: runs until SIGINT or SIGTERM. Resolves with the exit code: 0 after a drain, 130 where a
 * second signal forced the end.
 * @throws RondoError E_NO_CHAIN, E_PORT_IN_USE, E_LISTEN, E_CACHE_DIR, E_CONFIG, E_CERTIFICATE, E_BAD_MIRROR_URL
 */
export async function serve(flags: Flags, context: CliContext): Promise<number> {
  const { config, stateDir } = await loadUserConfig(flags, context);
  const { chain, server, go } = config;
  const offline = flags.offline === true;
  if (chain.mirrors.length === 0 && !offline) throw nothingToStandInFrontOf(chain);
  const { clock, env } = context;
  const logRequests =
    config.log.requests === 'auto' ? !context.stderrIsTerminal : config.log.requests === 'on';
  const tls = await loadTls(config, context);
  const random = Math.random;
  const app = await createApp({ config, version: VERSION, offline, clock, random, logRequests, tls });
  if (!logRequests) {
    showNotices(app.bus, config.log.level, context);
    showSecurity(app.bus, context);
  }
  boundYoungGeneration(clock);
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
    const url = tls === undefined ? bound.url : urlForClients(bound.url, server.listen.host, tls.certificate);
    const variables = goSettingsFor(url, chain, go, offline);
    if (chain.mirrors.length > 0) await keepChain(stateDir, [addressOf(new URL(url)), bound], chain, context);
    if (tls === undefined) warnOfStrangers(bound, context);
    const notes = tls === undefined ? [] : trustNotes(url, tls);
    const startedInMs = context.sinceStartMs();
    const { words, data } = banner({
      version: VERSION,
      startedInMs,
      url,
      config,
      offline,
      notes,
      variables,
      env,
    });
    context.words(words);
    context.data(data);
  } catch (error) {
    await app.force();
    throw await withRunningRondo(error, {
      config,
      version: VERSION,
      platform: context.platform,
      clock,
      random,
    });
  }
  return (await end) === 'drained' ? EXIT.ok : EXIT.interrupted;
}

/**
 * Before the line is printed: once it is pasted, go's setting names only Rondo (spec config.md). Only what the
 * user chose is kept. `addresses` are the one of the line and the one that is listened at.
 */
async function keepChain(
  stateDir: string,
  addresses: readonly Address[],
  chain: Chain,
  context: CliContext,
): Promise<void> {
  try {
    const byText = new Map(
      addresses.map(({ host, port }) => [formatAddress({ host, port }), { host, port }]),
    );
    let isKept = true;
    for (const address of byText.values()) isKept &&= await saveKeptChain(stateDir, address, chain);
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

/** An occupied port is a small matter where a Rondo has it already. */
async function withRunningRondo(error: unknown, options: AskingOptions): Promise<unknown> {
  if (!(error instanceof RondoError) || error.code !== 'E_PORT_IN_USE') return error;
  const page = await readServerPage('/version', options);
  if (page === undefined || !isRondo(page.text)) return error;
  return new RondoError('E_PORT_IN_USE', `a Rondo serves at ${page.url} already`, {
    hint: `rondo mirrors shows how it stands; for another one ${error.hint ?? 'take another --port'}`,
    cause: error,
  });
}

/** Whether the page /version of whoever it is says so. */
function isRondo(text: string): boolean {
  try {
    const said: unknown = JSON.parse(text);
    return typeof said === 'object' && said !== null && 'name' in said && said.name === 'rondo';
  } catch {
    return false;
  }
}

/** Who serves others without TLS may have meant something else. */
function warnOfStrangers({ host, port }: Address, { warn }: CliContext): void {
  if (isLoopback(host) && !isUnspecified(host)) return;
  warn(
    `others can reach ${formatAddress({ host, port })}: whoever does can read the copy, and nothing is encrypted; --tls --cert FILE --key FILE encrypts it, --host 127.0.0.1 keeps it to this machine`,
  );
}

function nothingToStandInFrontOf({ end, origin }: Chain): RondoError {
  return new RondoError(
    'E_NO_CHAIN',
    `${origin} names no mirror (only ${end ?? 'nothing'}): there is nothing to stand in front of`,
    {
      hint: 'rondo init --add-public, or name the mirrors, e.g. GOPROXY=https://goproxy.cn,direct',
    },
  );
}
