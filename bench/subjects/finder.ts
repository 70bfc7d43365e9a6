import type { Subject, SubjectName } from '../frame/types.ts';

/** How a peer is found. */
export type Finder = {
  readonly name: SubjectName;
  readonly label: string;
  readonly find: (
    env: Readonly<Record<string, string | undefined>>,
  ) => Promise<{ readonly subject: Subject } | { readonly missing: string }>;
};
