/** Where the bytes of one file go. */
export type FileSink = {
  /** The next bytes, valid only until it returns. Throws the system's error. */
  take(piece: Buffer): void;
  /** All of it is there. */
  close(): Promise<void>;
};

/** A file that is about to come. */
export type ComingFile = {
  /** Below the folder, with slashes. Hostile. */
  readonly name: string;
  readonly sizeBytes: number;
  /** How many come in all. */
  readonly ofFiles: number;
};

/** Opens the place of a file. */
export type OpenSink = (file: ComingFile) => Promise<FileSink>;
