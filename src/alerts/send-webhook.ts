import type { Clock } from '../kit/clock.ts';
import type { Alert } from './conditions.ts';
import { webhookRequest, type WebhookSettings } from './webhook.ts';

const TIMEOUT_MS = 10_000;

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
    // Nobody reads it, however long it is.
    await answer.body?.cancel();
    if (!answer.ok) throw new Error(`it answers ${answer.status}`);
  } catch (error) {
    // fetch says nothing but that it failed.
    if (error instanceof Error && error.cause instanceof Error) throw error.cause;
    throw error;
  } finally {
    timer.cancel();
  }
}
