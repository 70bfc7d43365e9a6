import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A closed-loop load: every connection asks again as soon as it has its answer. */
export type WrkLoad = {
  /** The program. */
  readonly wrk: string;
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  /** Asked for in turn; each begins with `/` and has no character that Lua would read as its own. */
  readonly paths: readonly string[];
  readonly connections: number;
  readonly threads: number;
  readonly durationS: number;
  /** Where its script is written. */
  readonly folder: string;
};

/** What a load amounted to. */
export type WrkResult = {
  readonly requests: number;
  /** Received, headers included. */
  readonly bytes: number;
  readonly seconds: number;
  /** Answers that were not 2xx or 3xx, broken connections and time-outs. */
  readonly errors: number;
};

const MARK = 'BENCH ';

/** Runs wrk to its end. @throws Error where it does not run or prints no summary */
export async function runWrk(load: WrkLoad): Promise<WrkResult> {
  const { url, connections, threads, durationS } = load;
  const script = join(load.folder, 'wrk.lua');
  writeFileSync(script, wrkScript(load.paths));
  const counts = ['-t', String(threads), '-c', String(connections), '-d', `${durationS}s`];
  const args = [...counts, '--timeout', '30s', '-s', script, url];
  const { stdout } = await run(load.wrk, args, { timeout: (durationS + 60) * 1000 });
  return parseWrk(stdout);
}

/** A script that asks for `paths` in turn, prepared once a thread, and ends with a line that parseWrk reads. */
export function wrkScript(paths: readonly string[]): string {
  const strange = paths.find((path) => !/^\/[\w@./!~+-]*$/.test(path));
  if (strange !== undefined) throw new Error(`not a path for wrk: ${strange}`);
  return `local paths = { ${paths.map((path) => `"${path}"`).join(', ')} }
local requests = {}
local at = 0
init = function()
  for i, path in ipairs(paths) do requests[i] = wrk.format("GET", path) end
end
request = function()
  at = at % #requests + 1
  return requests[at]
end
done = function(summary)
  local e = summary.errors
  print(string.format("${MARK}%d %d %d %d", summary.requests, summary.bytes, summary.duration,
    e.connect + e.read + e.write + e.status + e.timeout))
end
`;
}

/** Reads what the script printed last. @throws Error where it did not */
export function parseWrk(output: string): WrkResult {
  const found = new RegExp(`^${MARK}(\\d+) (\\d+) (\\d+) (\\d+)$`, 'm').exec(output);
  if (found === null) throw new Error(`wrk printed no summary but: ${output.slice(0, 500)}`);
  const [requests = 0, bytes = 0, microseconds = 0, errors = 0] = found.slice(1).map(Number);
  return { requests, bytes, seconds: microseconds / 1e6, errors };
}
