import { messageOf, RondoError } from '../errors/rondo-error.ts';
import { say, type Text } from '../words/text.ts';
import { ALERTS } from './alert-keys.ts';
import type { AlertSecrets, AlertsConfig } from './alerts-config.ts';
import type { Environment } from './go-settings.ts';
import type { Key } from './key.ts';
import { readSmallFile } from './load-credentials.ts';

/** One way in which a secret is given: itself, by a variable, or by a file. */
type Way = {
  readonly key: Key<string>;
  readonly by: 'itself' | 'env' | 'file';
  readonly text: string | undefined;
};

/** What it holds, and the key that says where. */
type Secret = { readonly secret: string; readonly place: string };

/** As Standard Webhooks 1.0 has symmetric secrets (standardwebhooks.com, "Signature scheme"). */
const SIGNING_PREFIX = 'whsec_';
const SIGNING_BYTES = { min: 24, max: 64 };
/** Of any other text; it is not for people to type. */
const SHORTEST_PLAIN = 16;
const MAKE_SECRET = 'echo "whsec_$(openssl rand -base64 32)"';

/**
 * Where alerts are posted and what they are signed with. No message shows either.
 * @throws RondoError E_CONFIG where one cannot be read, is empty, is no URL or too weak to sign, or is given in two ways
 */
export async function loadAlertSecrets(alerts: AlertsConfig, env: Environment): Promise<AlertSecrets> {
  const url = await secretOf(
    [
      { key: ALERTS.webhook, by: 'itself', text: alerts.webhook },
      { key: ALERTS.webhookEnv, by: 'env', text: alerts.webhookEnv },
      { key: ALERTS.webhookFile, by: 'file', text: alerts.webhookFile },
    ],
    env,
  );
  const signing = await secretOf(
    [
      { key: ALERTS.secretEnv, by: 'env', text: alerts.secretEnv },
      { key: ALERTS.secretFile, by: 'file', text: alerts.secretFile },
    ],
    env,
  );
  if (url !== undefined && !ALERTS.webhook.value.schema.safeParse(url.secret).success) {
    throw wrong(say('{key} holds no http or https URL without a login', { key: url.place }));
  }
  if (signing !== undefined) checkSigning(signing);
  return {
    ...(url !== undefined && { webhook: url.secret }),
    ...(signing !== undefined && { secret: signing.secret }),
  };
}

/** What is signed with an empty or a short key, anybody can sign. @throws RondoError */
function checkSigning({ secret, place: key }: Secret): void {
  const hint = say('make one, and give it to the receiver too: {command}', { command: MAKE_SECRET });
  if (secret.startsWith(SIGNING_PREFIX)) {
    const base64 = secret.slice(SIGNING_PREFIX.length);
    const bytes = Buffer.from(base64, 'base64');
    // A decoder of node's skips what it does not know.
    const isStrict = bytes.toString('base64') === base64;
    if (isStrict && bytes.length >= SIGNING_BYTES.min && bytes.length <= SIGNING_BYTES.max) return;
    const { min, max } = SIGNING_BYTES;
    const values = { key, prefix: SIGNING_PREFIX, min, max };
    throw wrong(say('{key}: behind {prefix} is not the base64 of {min} to {max} bytes', values), hint);
  }
  if (secret.length < SHORTEST_PLAIN) {
    const values = { key, min: SHORTEST_PLAIN };
    throw wrong(say('{key}: the secret has fewer than {min} characters', values), hint);
  }
}

async function secretOf(ways: readonly Way[], env: Environment): Promise<Secret | undefined> {
  const given = ways.filter(({ text }) => text !== undefined);
  const [first, second] = given;
  if (first?.text === undefined) return undefined;
  if (second !== undefined) {
    const [name, name2] = [first.key.name, second.key.name];
    throw wrong(
      say('{place} has both {name} and {name2}', { place: '[alerts]', name, name2 }),
      say('keep one of them'),
    );
  }
  const { by, text } = first;
  const place = `alerts.${first.key.name}`;
  if (by === 'itself') return { secret: text, place };
  if (by === 'file') return { secret: await secretInFile(text, place), place };
  const secret = env[text]?.trim() ?? '';
  if (secret !== '') return { secret, place };
  const hint = say('export {text}=…', { text });
  throw wrong(say('{key}: the variable {text} is not set', { key: place, text }), hint);
}

async function secretInFile(path: string, place: string): Promise<string> {
  try {
    // Files end with a line end.
    const secret = (await readSmallFile(path)).replace(/\r?\n$/, '');
    if (secret === '') throw new Error('it is empty');
    return secret;
  } catch (cause) {
    const why = messageOf(cause);
    throw new RondoError(
      'E_CONFIG',
      say('{key}: cannot read {text}: {why}', { key: place, text: path, why }),
      { cause },
    );
  }
}

function wrong(message: Text, hint?: Text): RondoError {
  return new RondoError('E_CONFIG', message, hint === undefined ? {} : { hint });
}
