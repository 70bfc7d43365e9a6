import type { Config } from '../config/config.ts';
import { RondoError } from '../errors/rondo-error.ts';
import { sleep } from '../kit/clock.ts';
import type { AskingOptions } from '../open-mirrors.ts';
import {
  askServer,
  openChainProbes,
  serverUrl,
  type ChainProbes,
  type ServerAnswer,
  type ServerQuestion,
} from '../probe-mirrors.ts';
import { jsonLine, jsonText } from './json-text.ts';
import type { CliContext } from './context.ts';
import { EXIT } from './exit-code.ts';
import type { Flags } from './flags.ts';
import {
  formatMirrorsPage,
  MIRRORS_PATH,
  pageOfProbes,
  parseMirrorsAnswer,
  type MirrorsPage,
} from './mirrors-page.ts';
import { originText } from '../config/origin-text.ts';
import { createLiveBlock } from './screen.ts';
import { loadUserConfig } from './user-config.ts';
import { VERSION } from './version.ts';
import { say } from '../words/text.ts';

/** Rounds of probes at the most: nobody waits for a thousand. */
const MAX_ROUNDS = 10;
const WATCH_EVERY_MS = 2000;

/**
 * `rondo mirrors`: how the mirrors stand, from the server that listens at the configured address, else by probes
 * of its own. Resolves with the exit code: 0, and that too where Ctrl-C ends `--watch`, since nothing else does.
 * @throws RondoError E_NO_CHAIN where there is neither a server nor a chain; E_NO_MIRROR where no server runs and
 * no mirror has answered, after the table was printed.
 */
export async function mirrors(flags: Flags, context: CliContext): Promise<number> {
  // A running server has its own chain: the lack of one matters only without.
  const { config } = await loadUserConfig({ ...flags, offline: true }, context);
  const { clock, platform } = context;
  const options = { config, version: VERSION, platform, clock, random: Math.random };
  const source = createSource(options, context);
  try {
    if (flags.watch === true) await watch(source, flags, context);
    else await once(source, flags, context);
    return EXIT.ok;
  } finally {
    await source.close();
  }
}

/** A refusal comes as the line that people are shown. */
const QUESTION: ServerQuestion = {
  method: 'GET',
  path: MIRRORS_PATH,
  headers: { accept: 'text/plain, application/json' },
};
/** Of who is there, and does not tell everybody. */
const CLOSED_STATUSES: ReadonlySet<number> = new Set([401, 403]);

/** Where pages come from: a server as long as there is one. */
type Source = { next(): Promise<MirrorsPage>; close(): Promise<void> };

function createSource(options: AskingOptions, context: CliContext): Source {
  const { config } = options;
  const url = serverUrl(config.server).href;
  let probes: ChainProbes | undefined;
  return {
    async next() {
      const answer = await askServer(QUESTION, options);
      const page = answer?.kind === 'page' ? parseMirrorsAnswer(answer.text, answer.url) : undefined;
      if (page !== undefined) return page;
      if (probes === undefined) {
        announceProbes(answer, config, context);
        probes = openChainProbes(options);
        // So many failures are needed to call a mirror unhealthy.
        const rounds = Math.min(config.breaker.probeFailures, MAX_ROUNDS);
        for (let round = 0; round < rounds; round += 1) await probes.probeAll();
        probes.startProbes();
      }
      return pageOfProbes(probes.views(), config.chain.origin, url);
    },
    close: async () => probes?.close(),
  };
}

function announceProbes(answer: ServerAnswer | undefined, config: Config, { tell }: CliContext): void {
  const { chain, server } = config;
  if (chain.mirrors.length === 0) throw nobodyToAsk(config);
  if (answer?.kind === 'refused' && CLOSED_STATUSES.has(answer.status)) {
    const { url, words } = answer;
    return tell(say('the server at {url} refuses: {words}; asking the mirrors', { url, words }));
  }
  tell(
    say('no Rondo answers at {url}; asking the mirrors (a server elsewhere: --port, --host)', {
      url: serverUrl(server).href,
    }),
  );
}

async function once(source: Source, { json }: Flags, context: CliContext): Promise<void> {
  const page = await source.next();
  const screen = context.screen('stdout');
  if (json === true) context.data(jsonText(page));
  else context.data(`${formatMirrorsPage(page, screen).join('\n')}\n`);
  if (page.source.kind === 'server' || page.mirrors.some(({ firstByte }) => firstByte !== undefined)) return;
  throw new RondoError('E_NO_MIRROR', say('no mirror of the chain has answered'), {
    hint: say('is the network up, and does it need HTTPS_PROXY? Other mirrors: rondo init'),
  });
}

async function watch(source: Source, { json }: Flags, context: CliContext): Promise<void> {
  const { clock, onSignal, data } = context;
  const screen = (): ReturnType<CliContext['screen']> => context.screen('stdout');
  const block = createLiveBlock(data, screen);
  const stop = new AbortController();
  const over = aborted(stop.signal);
  const off = onSignal(['SIGINT', 'SIGTERM'], () => stop.abort());
  try {
    while (!stop.signal.aborted) {
      const page = await Promise.race([source.next(), over]);
      if (page === undefined) return;
      if (json === true) data(jsonLine(page));
      else if (screen().isTerminal) block.draw(formatMirrorsPage(page, screen()));
      else data(`${formatMirrorsPage(page, screen()).join('\n')}\n\n`);
      await sleep(clock, WATCH_EVERY_MS, stop.signal).catch(() => undefined);
    }
  } finally {
    off();
  }
}

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}

function nobodyToAsk({ chain, server }: Config): RondoError {
  const message = say('no Rondo answers at {url}, and the chain in force ({origin}) names no mirror', {
    url: serverUrl(server).href,
    origin: originText(chain.origin),
  });
  return new RondoError('E_NO_CHAIN', message, { hint: say('rondo serve, or rondo init to choose mirrors') });
}
