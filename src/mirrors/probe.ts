import type { Outcome } from '../balance/outcome.ts';
import { PROBE_FILE } from '../gomod/health-files.ts';
import type { Clock } from '../kit/clock.ts';
import { BodyError, type AttemptTiming, type Upstream } from '../upstream/attempt.ts';

/** How one probe ended. */
export type ProbeResult = { readonly outcome: Outcome; readonly timing: AttemptTiming };

/** A probe's answer is a small file; more than this is not read. */
const MAX_PROBE_BYTES = 64 * 1024;

/** The bytes of the default probe; of other paths only the mirror's owner knows what is right. */
const KNOWN_ANSWERS: ReadonlyMap<string, string> = new Map([[PROBE_FILE.path, PROBE_FILE.text]]);

/**
 * Asks one mirror `path` once, all of which may take `limitMs`; never rejects. A probe that `signal` stops is the
 * outcome `superseded`.
 */
export async function probe(
  upstream: Upstream,
  path: string,
  { limitMs, clock }: { readonly limitMs: number; readonly clock: Clock },
  signal: AbortSignal,
): Promise<ProbeResult> {
  const endMs = clock.now() + limitMs;
  let timing: AttemptTiming = { reused: false };
  try {
    const request = {
      method: 'GET',
      path,
      headerLimitMs: limitMs,
      maxBodyBytes: MAX_PROBE_BYTES,
    } as const;
    const answer = await upstream.attempt(request, signal);
    ({ timing } = answer);
    if (answer.kind === 'other') return { outcome: answer.outcome, timing };
    const chunks: Buffer[] = [];
    const drop = (): void => answer.cancel();
    signal.addEventListener('abort', drop, { once: true });
    let isLate = false;
    const timer = clock.after(Math.max(0, endMs - clock.now()), () => {
      isLate = true;
      drop();
    });
    try {
      for await (const chunk of answer.body) chunks.push(chunk);
    } catch (error) {
      if (!isLate || signal.aborted) throw error;
      return { outcome: tooSlow(limitMs), timing };
    } finally {
      timer.cancel();
      signal.removeEventListener('abort', drop);
    }
    if (signal.aborted) return { outcome: STOPPED, timing };
    return { outcome: judge(path, Buffer.concat(chunks).toString('utf8'), answer.status), timing };
  } catch (error) {
    return { outcome: error instanceof BodyError && !signal.aborted ? error.outcome : STOPPED, timing };
  }
}

const STOPPED: Outcome = { class: 'neutral', cause: 'superseded', detail: 'probe stopped' };

function tooSlow(limitMs: number): Outcome {
  return { class: 'http', cause: 'body-slow', detail: `not whole within ${limitMs / 1000} s` };
}

function judge(path: string, text: string, status: number): Outcome {
  if ((KNOWN_ANSWERS.get(path) ?? text) === text)
    return { class: 'ok', cause: 'ok', status, detail: String(status) };
  return { class: 'http', cause: 'bad-content', status, detail: 'the probe was answered with other bytes' };
}
