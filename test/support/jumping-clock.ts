/**
 * Loaded before a program (`--import`): every RONDO_TEST_JUMP_MS its wall clock jumps, to an hour ahead, then to an hour
 * behind, then to the right time. Time that only goes forward (performance.now, timers) is not touched.
 */
const HOUR_MS = 3_600_000;
const OFFSETS_MS = [0, HOUR_MS, -HOUR_MS];
const everyMs = Number(process.env['RONDO_TEST_JUMP_MS']);
const RealDate = Date;
const realNow = Date.now.bind(Date);

function jumpedNow(): number {
  const phase = Math.floor(performance.now() / everyMs) % OFFSETS_MS.length;
  return realNow() + (OFFSETS_MS[phase] ?? 0);
}

if (everyMs > 0) {
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, args: [], newTarget) =>
      Reflect.construct(target, args.length === 0 ? [jumpedNow()] : args, newTarget) as Date,
    get: (target, name, receiver) => (name === 'now' ? jumpedNow : Reflect.get(target, name, receiver)),
  });
}
