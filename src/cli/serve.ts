import { createApp, type App } from '../app.ts';
import { addressOf, formatAddress, isLoopback, isUnspecified, type Address } from '../kit/address.ts';
import type { Chain, Config } from '../config/config.ts';
import { saveKeptChain } from '../config/kept-chain.ts';
import { RondoError, saidBy } from '../errors/rondo-error.ts';
import { boundOldGeneration } from '../host/old-generation.ts';
import { boundYoungGeneration } from '../host/young-generation.ts';
import type { AskingOptions } from '../open-mirrors.ts';
import { readServerPage } from '../probe-mirrors.ts';
import { banner } from './banner.ts';
import { watchConfig, type ConfigWatch } from './config-watch.ts';
import type { CliContext } from './context.ts';
import { drainOnSignal, type StopOptions } from './drain.ts';
import { EXIT } from './exit-code.ts';
import type { Flags } from './flags.ts';
import { goSettingsFor } from './go-settings-for.ts';
import { originText } from '../config/origin-text.ts';
import { loadTls, trustNotes, urlForClients, type ServeTls } from './serve-tls.ts';
import { showNotices } from './show-notices.ts';
import { showSecurity } from './show-security.ts';
import { loadUserConfig, readUserConfig } from './user-config.ts';
import { VERSION } from './version.ts';
import { say } from '../words/text.ts';

/**
 * `rondo serve`: runs until SIGINT or SIGTERM, and reads its configuration again when that changes, and on SIGHUP.
 * Resolves with the exit code: 0 after a drain, 130 where a second signal forced the end.
 * @throws RondoError E_NO_CHAIN, E_PORT_IN_USE, E_LISTEN, E_CACHE_DIR, E_CONFIG, E_CERTIFICATE, E_BAD_MIRROR_URL
 */
export async function serve(flags: Flags, context: CliContext): Promise<number> {
  const watch = await watchConfig(flags, context);
  try {
    return await run(flags, context, watch);
  } finally {
    watch.close();
  }
}

async function run(flags: Flags, context: CliContext, watch: ConfigWatch): Promise<number> {
  const { config, stateDir } = await loadUserConfig(flags, context);
  const offline = flags.offline === true;
  checkChain(config, offline);
  const tls = await loadTls(config, context);
  const app = await openApp(config, tls, flags, context);
  boundOldGeneration();
  boundYoungGeneration(context.clock);
  let end: Promise<'drained' | 'forced'>;
  try {
    const { host, port } = config.server.listen;
    const bound = await app.listen(host, port);
    // Before anybody can know that it runs.
    end = drainOnSignal(stopOptions(app, context));
    const url = tls === undefined ? bound.url : urlForClients(bound.url, host, tls.certificate);
    const keep = (): Promise<void> =>
      keepChain(stateDir, [addressOf(new URL(url)), bound], app.config().chain, context);
    await keep();
    app.bus.subscribe((event) => {
      if (event.type === 'reload' && event.result === 'applied') void keep();
    });
    watch.follow(app);
    if (tls === undefined) warnOfStrangers(bound, context);
    const startedInMs = context.sinceStartMs();
    const facts = {
      version: VERSION,
      startedInMs,
      url,
      config,
      offline,
      notes: tls === undefined ? [] : trustNotes(url, tls),
      variables: goSettingsFor(url, config.chain, config.go, offline),
      env: context.env,
    };
    const { words, data } = banner(facts, context.table);
    context.words(words);
    context.data(data);
  } catch (error) {
    await app.force();
    const { platform, clock } = context;
    throw await withRunningRondo(error, { config, version: VERSION, platform, clock, random: Math.random });
  }
  return (await end) === 'drained' ? EXIT.ok : EXIT.interrupted;
}

/** A Rondo that does not listen yet, and tells people what they should know. */
async function openApp(
  config: Config,
  tls: ServeTls | undefined,
  flags: Flags,
  context: CliContext,
): Promise<App> {
  const offline = flags.offline === true;
  const { requests } = config.log;
  const logRequests = requests === 'auto' ? !context.stderrIsTerminal : requests === 'on';
  const readConfig = async (): Promise<Config> => {
    const read = await readUserConfig(flags, context);
    checkChain(read.config, offline);
    return read.config;
  };
  const options = {
    config,
    readConfig,
    version: VERSION,
    offline,
    logRequests,
    keepsHistory: !offline,
    alertsEnv: context.env,
    tls,
  };
  const app = await createApp({ ...options, clock: context.clock, random: Math.random });
  if (!logRequests) {
    showNotices(app.bus, () => app.config().log.level, context);
    showSecurity(app.bus, context);
  }
  return app;
}

function stopOptions(app: App, context: CliContext): StopOptions {
  return {
    clock: context.clock,
    onSignal: context.onSignal,
    drain: () => app.drain(),
    force: () => app.force(),
    onDraining(signal) {
      // After SIGHUP there is nobody to be told.
      if (signal !== 'SIGHUP') context.tell(say('finishing what is under way; once more to stop at once'));
    },
    // On Windows it is the end of the console, whatever is done.
    ...(context.platform !== 'win32' && { onHangUp: () => reloadOnHangUp(app, context) }),
  };
}

/** False where the terminal is gone in which it was started: what runs there ends with it. */
function reloadOnHangUp(app: App, { hasTerminal, terminalIsGone }: CliContext): boolean {
  if (hasTerminal && terminalIsGone()) return false;
  void app.reload?.('SIGHUP');
  return true;
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
  if (chain.mirrors.length === 0) return;
  try {
    const byText = new Map(
      addresses.map(({ host, port }) => [formatAddress({ host, port }), { host, port }]),
    );
    let isKept = true;
    for (const address of byText.values()) isKept &&= await saveKeptChain(stateDir, address, chain);
    if (isKept) return;
    context.warn(chain.trusted ? NOT_KEPT : NOT_TRUSTED);
  } catch (error) {
    context.warn(
      say('the chain could not be kept in {stateDir}: {why}; name it in .goproxy before pasting the line', {
        stateDir,
        why: saidBy(error),
      }),
    );
  }
}

const NOT_KEPT = say(
  'this chain is not kept, since it was kept for another address; name your mirrors in a .goproxy of your own before pasting the line',
);
const NOT_TRUSTED = say(
  'this chain is not kept, since its file is not trusted; name your mirrors in a .goproxy of your own before pasting the line',
);

/** An occupied port is a small matter where a Rondo has it already. */
async function withRunningRondo(error: unknown, options: AskingOptions): Promise<unknown> {
  if (!(error instanceof RondoError) || error.code !== 'E_PORT_IN_USE') return error;
  const page = await readServerPage('/version', options);
  if (page === undefined || !isRondo(page.text)) return error;
  return new RondoError('E_PORT_IN_USE', say('a Rondo serves at {url} already', { url: page.url }), {
    hint: say('rondo mirrors shows how it stands; for another one {hint}', {
      hint: error.said.hint ?? say('take another --port'),
    }),
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
    say(
      'others can reach {address}: whoever does can read the copy, and nothing is encrypted; --tls --cert FILE --key FILE encrypts it, --host 127.0.0.1 keeps it to this machine',
      { address: formatAddress({ host, port }) },
    ),
  );
}

/** @throws RondoError E_NO_CHAIN where there is nothing to stand in front of, and no copy alone is wanted */
function checkChain({ chain: { mirrors, end, origin } }: Config, offline: boolean): void {
  if (mirrors.length > 0 || offline) return;
  throw new RondoError(
    'E_NO_CHAIN',
    say('{origin} names no mirror (only {end}): there is nothing to stand in front of', {
      origin: originText(origin),
      end: end ?? say('nothing'),
    }),
    {
      hint: say('rondo init --add-public, or name the mirrors, e.g. GOPROXY=https://goproxy.cn,direct'),
    },
  );
}
