/**
 * A copy that shares no memory with anything else, for what is kept for long. Node gives small buffers slices of 64 KiB
 * blocks (Buffer.poolSize), and one of them that stays keeps all of its block: a .mod of 300 bytes 200 times its size.
 */
export function ownBytes(bytes: Uint8Array): Buffer {
  const own = Buffer.allocUnsafeSlow(bytes.length);
  own.set(bytes);
  return own;
}
