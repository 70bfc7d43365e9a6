/** A value that no shell reads as anything else. */
const PLAIN = /^[\w.,:/@%+=[\]-]+$/;

/**
 * The command that has go use the Rondo of this page: at the address that the browser found it at, which is right on
 * other machines and behind proxies too. `|` stands in quotes, which all shells know. Pure.
 */
export function goproxyCommand(baseUri: string, chainEnd: string): string {
  const { origin, pathname } = new URL('.', baseUri);
  const chain = `${origin}${pathname.replace(/\/$/, '')}${chainEnd}`;
  return `go env -w GOPROXY=${PLAIN.test(chain) ? chain : `"${chain.replaceAll(/["$`\\!%]/g, '')}"`}`;
}
