import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One tool of `npm run check`. */
export type Tool = {
  readonly name: string;
  /** Arguments of node: a program and its own arguments. */
  readonly command: readonly string[];
  /** What to do when it fails. */
  readonly help: string;
};

/** How a tool ended. */
export type ToolResult = { readonly ok: boolean; readonly output: string; readonly durationMs: number };

/** The JavaScript program that a package of `root` installs as `name`: runs on every platform without a shell. */
export function programOf(root: string, packageName: string, name: string = packageName): string {
  const folder = join(root, 'node_modules', packageName);
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    bin?: string | Record<string, string>;
  };
  const path = typeof bin === 'string' ? bin : bin?.[name];
  if (path === undefined) throw new Error(`${packageName} has no program ${name}`);
  return join(folder, path);
}

/** Runs one tool at `root` with the node that runs this; its output is kept whole. Never rejects. */
export function runTool(root: string, tool: Tool): Promise<ToolResult> {
  const startedMs = performance.now();
  return new Promise((resolve) => {
    const child = spawn(process.execPath, tool.command, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
    const end = (ok: boolean): void =>
      resolve({ ok, output: Buffer.concat(chunks).toString(), durationMs: performance.now() - startedMs });
    child.on('error', (error) => {
      chunks.push(Buffer.from(`${error.message}\n`));
      end(false);
    });
    child.on('close', (code) => end(code === 0));
  });
}
