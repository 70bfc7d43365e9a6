import type { Text } from '../words/text.ts';

/** That a mirror has something not, or was not asked. */
export type NotHad =
  /** 404 or 410, with the words of the mirror. */
  | { readonly kind: 'not-there'; readonly words?: string }
  /** 401, 403 or 451, with the words of the mirror. */
  | { readonly kind: 'refused'; readonly status: number; readonly words?: string }
  | { readonly kind: 'failed'; readonly why: Text | string }
  /** It is not asked for such modules. */
  | { readonly kind: 'not-asked' };

/** What one mirror has of a version. */
export type MirrorFact = { readonly name: string } & (
  | {
      readonly kind: 'has';
      /** `h1:` of its go.mod, and of its zip unless that is too large to be compared. */
      readonly mod?: string;
      readonly zip?: string;
      /** The commit that its `.info` names. From the mirror: hostile. */
      readonly commit?: string;
    }
  | NotHad
);

/** That its own repository has something not, or was not asked. */
export type DirectNotHad =
  | { readonly kind: 'not-there'; readonly words: string }
  | { readonly kind: 'login' }
  | { readonly kind: 'failed'; readonly why: Text | string }
  | { readonly kind: 'not-asked'; readonly why: '--no-direct' | 'there is no go' };

/** What its own repository has of a version. */
export type DirectFact = { readonly kind: 'has'; readonly commit?: string } | DirectNotHad;

/** What the checksum database has. */
export type DatabaseFact =
  | { readonly kind: 'known'; readonly mod: string; readonly zip: string }
  | { readonly kind: 'absent' }
  | { readonly kind: 'exempt' }
  | { readonly kind: 'unreachable'; readonly why: string }
  /** It contradicts itself: nothing that it says is taken any more. */
  | { readonly kind: 'untrusted'; readonly why: string };

/** Everything that is known of one version. */
export type VersionFacts = {
  readonly module: string;
  readonly version: string;
  /** The pattern that makes it private here, so that no mirror hears of it that was not named for it. */
  readonly privateBy: string | undefined;
  /** GONOPROXY matches it, so that go itself asks no proxy for it. */
  readonly isPastProxies?: true;
  readonly isPseudo: boolean;
  readonly mirrors: readonly MirrorFact[];
  readonly direct: DirectFact;
  readonly database: DatabaseFact;
  /** `h1:` as the project's go.sum has them; absent where it has no line. */
  readonly goSum: { readonly mod?: string; readonly zip?: string };
};

/** One thing that is to be said of it. */
export type Finding = {
  readonly kind:
    | 'private'
    | 'no-mirror' // a public one, and no mirror of the chain is for it
    | 'lies' // a mirror has another file than the database
    | 'mirrors-differ' // nothing says which of them is right
    | 'tag-moved'
    | 'go-sum-differs'
    | 'lags'
    | 'invented'
    | 'refused'
    | 'failed'
    | 'database-failed' // nothing vouches for what there is
    | 'database-untrusted'
    | 'only-direct'
    | 'not-there'
    | 'well';
  /** Whom it is about. */
  readonly mirrors: readonly string[];
};
