import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Environment } from './user-folders.ts';

/** Where the system's hosts file lies. */
export function hostsFile(platform: NodeJS.Platform, env: Environment): string {
  if (platform !== 'win32') return '/etc/hosts';
  return join(env['SystemRoot'] ?? env['SYSTEMROOT'] ?? 'C:\\Windows', 'System32', 'drivers', 'etc', 'hosts');
}

/** `/etc/hosts:3: 10.0.0.1 goproxy.cn`: the line of a hosts file that says where a name leads; undefined where none does. Pure. */
export function hostsLineOf(path: string, text: string, host: string): string | undefined {
  const lines = text.split('\n');
  const index = lines.findIndex((line) => {
    const [, ...names] = (line.split('#', 1)[0] ?? '').trim().split(/\s+/);
    return names.some((name) => name.toLowerCase() === host.toLowerCase());
  });
  return index < 0 ? undefined : `${path}:${index + 1}: ${(lines[index] ?? '').trim()}`;
}

/** Its text; empty where it cannot be read. Never rejects. */
export async function readHostsFile(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '');
}
