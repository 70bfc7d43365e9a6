import type { Upstream } from '../upstream/attempt.ts';

/**
 * The text of a small file of one mirror, asked for past all balancing; undefined where there is no 200, too much, or
 * no answer in time. From the mirror: hostile. Never rejects.
 */
export async function readSmall(
  upstream: Upstream,
  path: string,
  limits: { readonly limitMs: number; readonly maxBytes: number },
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    const { limitMs: headerLimitMs, maxBytes: maxBodyBytes } = limits;
    const answer = await upstream.attempt({ method: 'GET', path, headerLimitMs, maxBodyBytes }, signal);
    if (answer.kind === 'other') return undefined;
    const drop = (): void => answer.cancel();
    signal.addEventListener('abort', drop, { once: true });
    try {
      const chunks: Buffer[] = [];
      for await (const chunk of answer.body) chunks.push(chunk);
      return Buffer.concat(chunks).toString('utf8');
    } finally {
      signal.removeEventListener('abort', drop);
    }
  } catch {
    return undefined;
  }
}
