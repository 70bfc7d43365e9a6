import { randomUUID } from 'node:crypto';
import { messageOf, RondoError } from '../errors/rondo-error.ts';
import { receiversOf, testAlert } from '../open-alerts.ts';
import { say } from '../words/text.ts';
import { abortOnSignal } from './abort-on-signal.ts';
import type { CliContext } from './context.ts';
import { EXIT } from './exit-code.ts';
import type { Flags } from './flags.ts';
import { jsonText } from './json-text.ts';
import { loadUserConfig } from './user-config.ts';

/**
 * `rondo alerts test`: sends one alert to each receiver, once, and says what came of it. Resolves with 1 where one has
 * not taken it.
 * @throws RondoError E_CONFIG where there is none
 */
export async function testAlerts(flags: Flags, context: CliContext): Promise<number> {
  const { clock, env, platform } = context;
  const { config } = await loadUserConfig({ ...flags, offline: true }, context);
  const receivers = receiversOf(config, { clock, env, platform });
  if (receivers.length === 0) {
    throw new RondoError(
      'E_CONFIG',
      say('nobody is told of anything: [alerts] has no webhook and no command'),
      {
        hint: say('add webhook = https://… below [alerts]'),
      },
    );
  }
  const stop = abortOnSignal(context);
  const alert = testAlert(randomUUID(), clock.wallMs());
  try {
    const results = await Promise.all(
      receivers.map(async ({ name, send }) => {
        const why = await send(alert, stop.signal).then(() => undefined, messageOf);
        return { receiver: name, ok: why === undefined, ...(why !== undefined && { why }) };
      }),
    );
    stop.signal.throwIfAborted();
    if (flags.json === true) context.data(jsonText({ version: 1, receivers: results }));
    for (const { receiver, why } of results) {
      if (why === undefined) context.tell(say('alerts.{receiver} has taken it', { receiver }));
      else context.warn(say('alerts.{receiver} has not taken it: {why}', { receiver, why }));
    }
    return results.every(({ ok }) => ok) ? EXIT.ok : EXIT.findings;
  } finally {
    stop.off();
  }
}
