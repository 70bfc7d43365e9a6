/** How one request of a row ended for its client. */
export type Ending =
  /** 200, whole, the right bytes by SHA-256. */
  | 'right'
  /** 200, and complete as HTTP has it, but other bytes. */
  | 'wrong'
  /** 200, and HTTP itself says that more should have come. */
  | 'cut'
  /** 404 or 410. */
  | 'not-found'
  /** Any other answer. */
  | 'failed'
  /** No status line: the connection ended, or the client's patience did. */
  | 'unanswered';

/** One request of a row. */
export type Answered = {
  /** When it was due, after the load began. */
  readonly dueMs: number;
  /** From when it was due to its last byte. */
  readonly tookMs: number;
  readonly ending: Ending;
  /** 0 where no status line came. */
  readonly status: number;
  /** For people: the path, and what else is known. */
  readonly said: string;
};

/** What a row came to. Times in milliseconds. */
export type Figures = {
  readonly requests: number;
  readonly endings: Readonly<Record<Ending, number>>;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  /** Of the files that clients ask for, without health checks and the checksum database; NaN where nobody counted. */
  readonly attemptsPerRequest: number;
  readonly recovery?: Recovery;
};

/** What came after the mirrors were good again. */
export type Recovery = {
  /** From then to the first right answer to a request that was due after it; Infinity where there was none. */
  readonly firstRightMs: number;
  /** The same, also to requests that were waiting by then: where no answer can be right without the mirrors. */
  readonly firstOfAllMs: number;
  /** Of the requests that were due in the five seconds after it; divided as all times are. */
  readonly rightShare: number;
  /** From then to when the last request was due that did not end right; 0 where all did. */
  readonly failedUntilMs: number;
};

/** Sums up. `goodAtMs`: when the mirrors were good again; `withinMs`: five seconds, or what they are divided to. */
export function figuresOf(
  answers: readonly Answered[],
  attempts: number,
  recovered?: { readonly goodAtMs: number; readonly withinMs: number },
): Figures {
  const endings = { right: 0, wrong: 0, cut: 0, 'not-found': 0, failed: 0, unanswered: 0 };
  for (const { ending } of answers) endings[ending] += 1;
  const times = answers.map(({ tookMs }) => tookMs).sort((a, b) => a - b);
  const at = (share: number): number => times[Math.ceil(share * times.length) - 1] ?? NaN;
  return {
    requests: answers.length,
    endings,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    maxMs: at(1),
    attemptsPerRequest: attempts / answers.length,
    ...(recovered === undefined ? {} : { recovery: recoveryOf(answers, recovered) }),
  };
}

function recoveryOf(
  answers: readonly Answered[],
  { goodAtMs, withinMs }: { readonly goodAtMs: number; readonly withinMs: number },
): Recovery {
  const after = answers.filter(({ dueMs }) => dueMs >= goodAtMs);
  const within = after.filter(({ dueMs }) => dueMs < goodAtMs + withinMs);
  const rightWithin = within.filter(({ ending }) => ending === 'right');
  return {
    firstRightMs: firstRightAfter(goodAtMs, after),
    firstOfAllMs: firstRightAfter(goodAtMs, answers),
    rightShare: rightWithin.length / within.length,
    failedUntilMs: Math.max(
      0,
      ...after.filter(({ ending }) => ending !== 'right').map(({ dueMs }) => dueMs - goodAtMs),
    ),
  };
}

function firstRightAfter(goodAtMs: number, answers: readonly Answered[]): number {
  const right = answers.filter(({ ending }) => ending === 'right');
  const afterMs = right.map(({ dueMs, tookMs }) => dueMs + tookMs - goodAtMs);
  return Math.min(Infinity, ...afterMs.filter((ms) => ms >= 0));
}
