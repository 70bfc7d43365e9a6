import type { Clock } from '../kit/clock.ts';
import type { Post, PostAnswer } from '../upstream/post.ts';
import type { Alert } from './conditions.ts';
import { webhookRequest, type WebhookSettings } from './webhook.ts';
import { withoutSecret } from './without-secret.ts';

const TIMEOUT_MS = 10_000;
const LONGEST_REASON = 200;

/** Sends an alert to a webhook. Rejects where it was not taken: any status but a 2xx, a redirect, no answer in 10 s. */
export async function sendWebhook(
  alert: Alert,
  settings: WebhookSettings,
  { post, clock }: { readonly post: Post; readonly clock: Clock },
  signal: AbortSignal,
): Promise<void> {
  const tooLate = new AbortController();
  const timer = clock.after(TIMEOUT_MS, () => tooLate.abort(new Error('no answer within 10 s')));
  try {
    const request = webhookRequest(alert, settings, clock.wallMs());
    const either = AbortSignal.any([tooLate.signal, signal]);
    const answer = await post({ url: settings.url, ...request }, either);
    if (answer.status >= 200 && answer.status < 300) return;
    throw new Error(`it answers ${answer.status}${reasonOf(answer, settings.url)}`);
  } finally {
    timer.cancel();
  }
}

/** What it says on its first line, as chat services do of a message that they do not take; no page, and nothing of the URL. Hostile. */
function reasonOf({ status, beginning }: PostAnswer, url: URL): string {
  // It could lead the signed message elsewhere.
  if (status >= 300 && status < 400) return ', a redirect, which is not followed';
  const text = new TextDecoder().decode(beginning);
  const [line = ''] = text
    .replaceAll(/[^\P{C}\n]/gu, ' ')
    .trim()
    .split('\n');
  return line === '' || line.startsWith('<') ? '' : `: ${withoutSecret(line, url).slice(0, LONGEST_REASON)}`;
}
