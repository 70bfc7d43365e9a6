import { createHmac } from 'node:crypto';
import type { Alert } from './conditions.ts';

/** Where alerts are sent, what they are signed with, and which server they are of. */
export type WebhookSettings = {
  readonly url: URL;
  /** As for alertText. */
  readonly server: string;
  /** `whsec_` and base64, as Standard Webhooks has it, or any text, neither of them short; undefined: not signed. */
  readonly secret: string | undefined;
};

/** A request to a webhook. */
export type WebhookRequest = { readonly headers: Readonly<Record<string, string>>; readonly body: string };

/**
 * What is told of an alert, as JSON: to a webhook, and to a command. `type` is `mirror-down.firing`; `server` is whose
 * alert it is, `host:port`, as Prometheus names an instance: who is told by several has to tell them apart. Pure.
 */
export function alertText(alert: Alert, server: string): string {
  const { id, kind, state, subject, message, sinceMs, untilMs, count } = alert;
  return JSON.stringify({
    type: `${kind}.${state}`,
    timestamp: new Date(untilMs ?? sinceMs).toISOString(),
    data: {
      id,
      server,
      kind,
      state,
      subject,
      message,
      since: new Date(sinceMs).toISOString(),
      ...(untilMs !== undefined && { until: new Date(untilMs).toISOString() }),
      count,
    },
  });
}

/**
 * The request that tells of an alert, as the Standard Webhooks specification 1.0 has it (standardwebhooks.com): the
 * signature is an HMAC-SHA256 over `id.timestamp.body`. Pure.
 */
export function webhookRequest(
  alert: Alert,
  { secret, server }: Pick<WebhookSettings, 'secret' | 'server'>,
  nowMs: number,
): WebhookRequest {
  const body = alertText(alert, server);
  const messageId = `${alert.id}.${alert.state}`;
  const timestamp = String(Math.floor(nowMs / 1000));
  const signature = secret === undefined ? undefined : sign(`${messageId}.${timestamp}.${body}`, secret);
  return {
    headers: {
      'content-type': 'application/json',
      'user-agent': 'rondo',
      'webhook-id': messageId,
      'webhook-timestamp': timestamp,
      ...(signature !== undefined && { 'webhook-signature': `v1,${signature}` }),
    },
    body,
  };
}

function sign(text: string, secret: string): string {
  const key = secret.startsWith('whsec_') ? Buffer.from(secret.slice('whsec_'.length), 'base64') : secret;
  return createHmac('sha256', key).update(text).digest('base64');
}
