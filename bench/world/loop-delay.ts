/**
 * Loaded into a Rondo by `--import`: measures the delay of its event loop for LOOP_DELAY_MS, from the moment on at
 * which the file LOOP_DELAY_BEGIN appears, and writes `{p999Ms, maxMs}` to LOOP_DELAY_FILE.
 */
import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { isMainThread } from 'node:worker_threads';

const begin = process.env['LOOP_DELAY_BEGIN'];
const file = process.env['LOOP_DELAY_FILE'];
const forMs = Number(process.env['LOOP_DELAY_MS']);
if (isMainThread && begin !== undefined && file !== undefined) {
  const wait = setInterval(() => {
    if (!existsSync(begin)) return;
    clearInterval(wait);
    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    setTimeout(() => {
      delay.disable();
      const figures = { p999Ms: delay.percentile(99.9) / 1e6, maxMs: delay.max / 1e6 };
      writeFileSync(`${file}.part`, JSON.stringify(figures));
      renameSync(`${file}.part`, file);
    }, forMs).unref();
  }, 50);
  wait.unref();
}
