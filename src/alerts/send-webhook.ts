import type { Clock } from '../kit/clock.ts';
import type { Alert } from './conditions.ts';
import { webhookRequest, type WebhookSettings } from './webhook.ts';
import { withoutSecret } from './without-secret.ts';

const TIMEOUT_MS = 10_000;
const MAX_REASON_BYTES = 1024;
const LONGEST_REASON = 200;

/** Sends an alert to a webhook. Rejects where it was not taken: any status but a 2xx, a redirect, no answer in 10 s. */
export async function sendWebhook(
  alert: Alert,
  settings: WebhookSettings,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  const tooLate = new AbortController();
  const timer = clock.after(TIMEOUT_MS, () => tooLate.abort(new Error('no answer within 10 s')));
  try {
    const request = webhookRequest(alert, settings, clock.wallMs());
    const answer = await fetch(settings.url, {
      method: 'POST',
      // A redirect could lead the signed message elsewhere.
      redirect: 'manual',
      signal: AbortSignal.any([tooLate.signal, signal]),
      ...request,
    });
    if (answer.ok) return await answer.body?.cancel();
    throw new Error(`it answers ${answer.status}${await reasonOf(answer, settings.url)}`);
  } catch (error) {
    throw rootOf(error);
  } finally {
    timer.cancel();
  }
}

/** What it says on its first line, as chat services do of a message that they do not take; no page, and nothing of the URL. Hostile. */
async function reasonOf(answer: Response, url: URL): Promise<string> {
  if (answer.status >= 300 && answer.status < 400) {
    await answer.body?.cancel();
    return ', a redirect, which is not followed';
  }
  const reader = answer.body?.getReader();
  const { value } = (await reader?.read().catch(() => undefined)) ?? {};
  // However long it is, nobody reads on.
  await reader?.cancel().catch(() => undefined);
  const text = new TextDecoder().decode(value?.subarray(0, MAX_REASON_BYTES));
  const [line = ''] = text
    .replaceAll(/[^\P{C}\n]/gu, ' ')
    .trim()
    .split('\n');
  return line === '' || line.startsWith('<') ? '' : `: ${withoutSecret(line, url).slice(0, LONGEST_REASON)}`;
}

/** fetch says nothing but that it failed, and a name with several addresses that each one did. */
function rootOf(error: unknown): unknown {
  if (error instanceof AggregateError) return rootOf(error.errors[0]);
  return error instanceof Error && error.cause instanceof Error ? rootOf(error.cause) : error;
}
