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

/**
 * Where alerts are posted and what they are signed with. No message shows either.
 * @throws RondoError E_CONFIG where one cannot be read, is empty, is no URL, or is given in two ways
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
  return {
    ...(url !== undefined && { webhook: url.secret }),
    ...(signing !== undefined && { secret: signing.secret }),
  };
}

async function secretOf(
  ways: readonly Way[],
  env: Environment,
): Promise<{ readonly secret: string; readonly place: string } | undefined> {
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
