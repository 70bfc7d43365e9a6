import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { join } from 'node:path';
import type { Finding } from './finding.ts';

/** The host of each URL in a text such as GOPROXY's value; entries that are none, and loopback, are left out. */
export function hostsIn(text: string): string[] {
  const urls = text.split(/[,|\s]+/).filter((entry) => URL.canParse(entry));
  const hosts = urls.map((url) => new URL(url).hostname).filter((host) => host !== '');
  return hosts.filter((host) => host !== 'localhost' && !host.startsWith('[') && isIP(host) === 0);
}

/**
 * The hosts of the package registries that this machine uses: go's setting, Go's shipped default, npm's.
 * They differ from machine to machine, so nothing of the repository may depend on one. A tool that is
 * missing names none.
 */
export function registryHosts(): Set<string> {
  const output = (program: string, ...args: string[]): string => {
    try {
      const shell = process.platform === 'win32'; // where npm is a batch file
      return execFileSync(program, args, { encoding: 'utf8', shell, stdio: 'pipe' }).trim();
    } catch {
      return '';
    }
  };
  const texts = [output('go', 'env', 'GOPROXY'), output('npm', 'config', 'get', 'registry')];
  try {
    const shipped = readFileSync(join(output('go', 'env', 'GOROOT'), 'go.env'), 'utf8');
    texts.push(/^GOPROXY=(.*)$/m.exec(shipped)?.[1] ?? '');
  } catch {
    // no Go here, or a build of it without that file
  }
  return new Set(texts.flatMap(hostsIn));
}

/** Finds files that contain one of `hosts`. */
export function checkHosts(
  files: readonly { readonly path: string; readonly text: string }[],
  hosts: ReadonlySet<string>,
): Finding[] {
  return files.flatMap(({ path, text }) =>
    [...hosts].flatMap((host) => {
      const at = text.indexOf(host);
      if (at === -1) return [];
      const message = `names ${host}, a registry of this machine: read it at run time, or use an example host`;
      return [{ file: path, line: text.slice(0, at).split('\n').length, rule: 'registry-hosts', message }];
    }),
  );
}
