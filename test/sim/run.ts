/**
 * `npm run sim`: the real selection over simulated mirrors, in virtual time. Prints what each scenario showed, with its
 * seeds; exit code 1 if a property did not hold. `--seeds=N` runs each N times (default 5), `--seed=S` begins with S,
 * words choose the scenarios whose name contains one of them.
 */
import { invariants, quantile } from './claims.ts';
import { runScenario, type Run } from './run-scenario.ts';
import { healthyWorld, type Scenario } from './scenario.ts';
import { SCENARIOS } from './scenarios.ts';

const args = process.argv.slice(2);
const numberOf = (name: string, fallback: number): number => {
  const text = args.find((each) => each.startsWith(`--${name}=`))?.split('=')[1];
  return text === undefined || !/^\d+$/.test(text) ? fallback : Number(text);
};
const words = args.filter((each) => !each.startsWith('--'));
const seeds = Array.from({ length: numberOf('seeds', 5) }, (_, index) => numberOf('seed', 1) + index);
const chosen = SCENARIOS.filter(
  ({ name }) => words.length === 0 || words.some((word) => name.includes(word)),
);

const healthy = new Map<number, Run>();
let failures = 0;
let requests = 0;

async function show(scenario: Scenario, seed: number): Promise<void> {
  const startedMs = performance.now();
  const base = healthy.get(seed) ?? (await runScenario(healthyWorld(), seed));
  healthy.set(seed, base);
  const run = await runScenario(scenario.world(), seed);
  requests += run.served.length;
  const claims = [...invariants(run), ...scenario.claims(run, base)];
  const broken = claims.filter(({ holds }) => !holds);
  failures += broken.length;
  const { counts } = run.watcher;
  const times = [0.5, 0.99, 1].map((share) => Math.round(quantile(run.served, share))).join('/');
  process.stdout.write(
    `${broken.length === 0 ? 'ok  ' : 'FAIL'} seed ${seed}: ${run.served.length} requests, p50/p99/max ${times} ms, ` +
      `${(counts.attempts / run.served.length).toFixed(3)} attempts a request, ${counts.hedges} hedges ` +
      `(${counts.hedgesWon} won), ${counts.revisits} revisits, ${Math.round(performance.now() - startedMs)} ms\n`,
  );
  for (const { what, found, holds } of seed === seeds[0] ? claims : broken)
    process.stdout.write(`       ${holds ? ' ' : 'x'} ${what}: ${found}\n`);
}

const startedMs = performance.now();
for (const scenario of chosen) {
  process.stdout.write(`\n${scenario.name}\n`);
  for (const seed of seeds) await show(scenario, seed);
}
const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
process.stdout.write(
  `\n${chosen.length} scenarios, seeds ${seeds.join(' ')}: ${requests} requests in ${seconds} s, ${failures} properties did not hold\n`,
);
process.exitCode = failures === 0 && requests > 0 ? 0 : 1;
