import type { MirrorOrderBody } from '../api/answers.ts';
import { RondoError } from '../errors/rondo-error.ts';
import { formatDuration } from '../kit/duration.ts';
import { shellWord } from '../kit/shell-word.ts';
import { askServer, serverUrl } from '../probe-mirrors.ts';
import { jsonText } from './json-text.ts';
import type { CliContext } from './context.ts';
import { EXIT } from './exit-code.ts';
import type { Flags } from './flags.ts';
import { formatMirrorsPage, MIRRORS_PATH, parseMirrorsAnswer } from './mirrors-page.ts';
import { loadUserConfig } from './user-config.ts';
import { VERSION } from './version.ts';
import { say } from '../words/text.ts';

/**
 * `rondo mirrors drain NAME [--for 1h]`: the running server asks the mirror nothing for a while; without `--for` until
 * it ends, with `--for 0s` from now on again.
 * @throws RondoError E_USAGE where no server listens, or none that knows the mirror.
 */
export function drainMirror(
  [name = '']: readonly string[],
  flags: Flags,
  context: CliContext,
): Promise<number> {
  const drain = flags.for === undefined ? 'on' : formatDuration(flags.for);
  return order(name, { drain }, flags, context);
}

/**
 * `rondo mirrors set NAME weight=20`: as long as the server runs; `weight=configured` gives it back.
 * @throws RondoError E_USAGE
 */
export async function setMirror(
  [name = '', setting = '']: readonly string[],
  flags: Flags,
  context: CliContext,
): Promise<number> {
  const weight = /^weight=(\d{1,4}|configured)$/.exec(setting)?.[1];
  if (weight === undefined) {
    throw new RondoError(
      'E_USAGE',
      say("'{setting}' is nothing that can be set on a running server", { setting }),
      {
        hint: say('rondo mirrors set {name} weight=20, or weight=configured', { name: shellWord(name) }),
      },
    );
  }
  const body: MirrorOrderBody = { weight: weight === 'configured' ? weight : Number(weight) };
  return order(name, body, flags, context);
}

async function order(
  name: string,
  body: MirrorOrderBody,
  flags: Flags,
  context: CliContext,
): Promise<number> {
  const { config } = await loadUserConfig({ ...flags, offline: true }, context);
  const { clock, platform } = context;
  const options = { config, version: VERSION, platform, clock, random: Math.random };
  // A refusal comes as the line that people are shown.
  const headers = { 'content-type': 'application/json', accept: 'text/plain, application/json' };
  const path = `${MIRRORS_PATH}/${encodeURIComponent(name)}`;
  const question = { method: 'POST', path, headers, body: JSON.stringify(body) } as const;
  const answer = await askServer(question, options);
  const page = answer?.kind === 'page' ? parseMirrorsAnswer(answer.text, answer.url) : undefined;
  if (answer?.kind === 'refused') {
    throw new RondoError(
      'E_USAGE',
      say('the server at {url} refuses: {words}', { url: answer.url, words: answer.words }),
      {
        hint:
          answer.status === 401
            ? say('its [server] admin_token must be known here: by --config, or RONDO_SERVER_ADMIN_TOKEN')
            : say('rondo mirrors shows their names'),
      },
    );
  }
  if (page === undefined) {
    throw new RondoError(
      'E_USAGE',
      say('no Rondo answers at {href}', { href: serverUrl(config.server).href }),
      {
        hint: say('rondo serve; a server elsewhere: --port, --host'),
      },
    );
  }
  if (flags.json === true) context.data(jsonText(page));
  else context.data(`${formatMirrorsPage(page, context.screen('stdout')).join('\n')}\n`);
  return EXIT.ok;
}
