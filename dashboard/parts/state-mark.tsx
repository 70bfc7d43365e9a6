import type { VNode } from 'preact';
import { useReader } from '../show/reader.ts';
import { ENGLISH, type WordKey } from '../words/english.ts';

/** How a state looks; the shape differs too, so that colour is never the only sign. */
export type Tone = 'good' | 'warn' | 'bad' | 'idle';

const LOOKS: Readonly<Record<string, { readonly tone: Tone; readonly path: string }>> = {
  HEALTHY: { tone: 'good', path: 'M4.5 8.3l2.4 2.4 4.6-5' },
  TRIAL: { tone: 'warn', path: 'M8 4.5v4.200M8 11.400v.1' },
  COOLING: { tone: 'warn', path: 'M6.3 5.300v5.400M9.7 5.300v5.4' },
  UNHEALTHY: { tone: 'bad', path: 'M5.4 5.400l5.2 5.200M10.6 5.400l-5.2 5.2' },
  QUARANTINED: { tone: 'bad', path: 'M3.6 3.600l8.8 8.8' },
  OUTAGE: { tone: 'bad', path: 'M4.8 8h.100M8 8h.100M11.1 8h.1' },
  DRAINED: { tone: 'idle', path: 'M5 8h6' },
};

const UNKNOWN = { tone: 'idle', path: 'M8 8h.1' } as const;

/** How a state of the API looks. */
export function toneOf(status: string): Tone {
  return (LOOKS[status] ?? UNKNOWN).tone;
}

/** The word of a state of the API; one that this page does not know is shown as it is. */
export function useStateWord(): (status: string) => string {
  const { say } = useReader();
  return (status) => (Object.hasOwn(LOOKS, status) && status in ENGLISH ? say(status as 'HEALTHY') : status);
}

/** A state with its sign and its word. */
export function StateMark({ status }: { readonly status: string }): VNode {
  const word = useStateWord();
  const { tone, path } = LOOKS[status] ?? UNKNOWN;
  return (
    <span class={`state ${tone}`}>
      <svg viewBox="0 0 16 16" aria-hidden="true">
        <circle cx="8" cy="8" r="7" />
        <path d={path} />
      </svg>
      {word(status)}
    </span>
  );
}

/** The word of a gate: `breaker`, how the breaker stands; `gate`, what that lets through. */
export function useGateWord(): (gate: string, as: 'breaker' | 'gate') => string {
  const { say } = useReader();
  return (gate, as) => {
    const key = `${as}.${gate}`;
    return Object.hasOwn(ENGLISH, key) ? say(key as 'gate.open' & WordKey) : gate;
  };
}
