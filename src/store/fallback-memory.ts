/** Memory for what belongs on a disk that has failed. */
export type FallbackMemory = {
  /** A share for one who has nothing of it yet. */
  share(): FallbackShare;
};

/** What one has of it. */
export type FallbackShare = {
  /** Has `bytes` in all from now on, if there is room for them; else what it had. */
  reach(bytes: number): boolean;
  /** Has nothing any more. */
  leave(): void;
};

/** `limitBytes` for all that share it, however many they are. */
export function createFallbackMemory(limitBytes: number): FallbackMemory {
  let left = limitBytes;
  return {
    share() {
      let had = 0;
      return {
        reach(bytes) {
          const more = Math.max(0, bytes - had);
          if (more > left) return false;
          left -= more;
          had += more;
          return true;
        },
        leave() {
          left += had;
          had = 0;
        },
      };
    },
  };
}

/** That of the process: as many zips may come at once as clients ask for, so it is one budget and not one for each. */
export const processFallback: FallbackMemory = createFallbackMemory(96 * 1024 * 1024);
