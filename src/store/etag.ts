/**
 * The strong validator of a stored file, quotes included: size and modification time in nanoseconds,
 * both in hexadecimal (integrity.md, "What the client gets").
 */
export function strongEtag(sizeBytes: number, mtimeNs: bigint): string {
  return `"${sizeBytes.toString(16)}-${mtimeNs.toString(16)}"`;
}
