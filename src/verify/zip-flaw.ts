/**
 * Why a zip cannot be hashed.
 *
 * - `cut`: no zip, or not all of it: an ordinary failure of a transfer.
 * - `corrupt`: as long as it should be, with an end that fits, but damaged inside.
 * - `too-large`: beyond the limits of golang.org/x/mod/zip, or of what Rondo is willing to read.
 */
export class ZipFlaw extends Error {
  readonly kind: 'cut' | 'corrupt' | 'too-large';

  constructor(kind: ZipFlaw['kind'], message: string) {
    super(message);
    this.name = 'ZipFlaw';
    this.kind = kind;
  }
}
