import { directoryOf, end64, type HandmadeEntry, handmadeZip } from './handmade-zip.ts';

/**
 * A zip with two directories, each of one entry `name`: Go's reader finds the one with `shown`; a reader that follows a
 * 64-bit end record which nobody asked for finds the one with `hidden`. That record stands in the comment of the entry in
 * the directory that Go reads, of which the h1 of a module says nothing.
 */
export function twoFacedZip(
  name: string,
  { shown, hidden }: { readonly shown: string; readonly hidden: string },
): Buffer {
  const entryOf = (data: string): HandmadeEntry => ({ name, data, method: 0 });
  // The bodies of both, one after the other, of which a zip of its own is made for each half.
  const [first, second] = [bodyOf(entryOf(shown)), bodyOf(entryOf(hidden))];
  const hiddenDirectory = directoryOf([entryOf(hidden)], [first.length]);
  const hiddenAt = first.length + second.length;
  const shownAt = hiddenAt + hiddenDirectory.length;
  const header = directoryOf([entryOf(shown)], [0]);
  const comment = end64(shownAt + header.length, {
    records: 1,
    directoryBytes: hiddenDirectory.length,
    directoryOffset: hiddenAt,
  });
  header.writeUInt16LE(comment.length, 32);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(header.length + comment.length, 12);
  end.writeUInt32LE(shownAt, 16);
  return Buffer.concat([first, second, hiddenDirectory, header, comment, end]);
}

/** The local header and the content: what stands before the directory. */
function bodyOf(entry: HandmadeEntry): Buffer {
  const zip = handmadeZip([entry]);
  return zip.subarray(0, zip.readUInt32LE(zip.length - 22 + 16));
}
