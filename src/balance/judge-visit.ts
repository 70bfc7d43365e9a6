import type { Outcome } from './outcome.ts';

/**
 * Whether a visit says that the mirror works (`answered`: a 404 does) or that it does not (`failed`); undefined where it
 * says nothing of it: this machine failed, or nobody waited for the answer.
 */
export function judgeVisit({ class: kind, cause }: Outcome): 'answered' | 'failed' | undefined {
  switch (kind) {
    case 'ok':
      return 'answered';
    case 'neutral':
      return cause === 'superseded' ? undefined : 'answered';
    case 'local':
      return undefined;
    case 'http':
    case 'integrity':
    case 'rate-limited':
      return 'failed';
  }
}
