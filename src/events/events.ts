import type { ErrorCode } from '../errors/codes.ts';
import type { Text } from '../words/text.ts';
import type { Cause, Outcome } from '../balance/outcome.ts';
import type { RemoteFile } from '../gomod/module-file.ts';
import type { TraceContext } from '../kit/trace-place.ts';

/** The kinds of file, plus `other` for Rondo's own pages: the metric label. */
export type FileKind = RemoteFile['kind'] | 'other';

/** One mirror asked within a request, as error bodies, logs and the header X-Rondo-Tried tell it. */
export type VisitReport = {
  readonly mirror: string;
  readonly outcome: Outcome;
  readonly durationMs: number;
  /** The mirror's own words, sanitised. */
  readonly words?: string;
};

/**
 * Everything that the core has to tell. Sinks (metrics, request log, exec's summary) subscribe; the core
 * never logs. Times are monotonic durations in milliseconds.
 */
export type RondoEvent =
  /** One request of a client is answered (or its client went away). */
  | {
      readonly type: 'request';
      readonly id: string;
      readonly method: string;
      readonly path: string;
      readonly kind: FileKind;
      readonly status: number;
      readonly cache?: 'hit' | 'stale' | 'miss' | 'coalesced' | 'offline';
      readonly mirror?: string;
      /** Which mirrors were asked for it and what each answered, on one line. */
      readonly tried?: string;
      readonly bytes: number;
      readonly durationMs: number;
      /** The answer could not be completed: the client left, or the answer was cut because it was not right. */
      readonly aborted: boolean;
      readonly error?: string;
      /** Of that error, where it has one. */
      readonly code?: ErrorCode;
      /** Its place in a trace; absent unless traces are on. */
      readonly trace?: TraceContext;
    }
  /** One visit to a mirror ended, for traffic or as a probe. */
  | {
      readonly type: 'visit';
      readonly mirror: string;
      readonly kind: FileKind;
      readonly probe: boolean;
      /** Asked again within the same request. */
      readonly revisit: boolean;
      readonly outcome: Outcome;
      readonly durationMs: number;
      readonly firstByteMs?: number;
      /** Where a connection was made for it: to the end of TCP's handshake, and what TLS took after that. */
      readonly connectMs?: number;
      readonly tlsMs?: number;
      readonly bytes: number;
      readonly trace?: TraceContext;
      /** With `trace`: what was asked. The URL has no credentials. */
      readonly request?: { readonly method: string; readonly url: string };
    }
  /** A request went on to another mirror because a visit failed before its body. */
  | { readonly type: 'failover'; readonly from: string; readonly to: string; readonly kind: FileKind }
  /** A second mirror was asked beside one that was slow to answer; told when it is known who was first. */
  | {
      readonly type: 'hedge';
      /** Who was slow, and who was asked beside it. */
      readonly from: string;
      readonly to: string;
      readonly kind: FileKind;
      /** The second one's answer was used; else it was asked for nothing. */
      readonly won: boolean;
    }
  /** Another mirror was asked beside one whose body was slow; told when the file is there, or is not to be had. */
  | {
      readonly type: 'race';
      /** Who was slow, and who was asked beside it. */
      readonly from: string;
      readonly to: string;
      readonly kind: FileKind;
      /** The slow one's body was not the one that completed the file. */
      readonly won: boolean;
    }
  /** A mirror's gate changed. */
  | {
      readonly type: 'gate';
      readonly mirror: string;
      readonly from: GateStatus;
      readonly to: GateStatus;
      readonly why: string;
      /** Of the failure that shut it, whose visit may be told after this; absent where it is not shut for one. */
      readonly cause?: Cause;
      /** How long it stays so at least, in milliseconds; absent where that is unknown. */
      readonly forMs?: number;
    }
  /** One upstream fetch of one file ended. */
  | {
      readonly type: 'flight';
      readonly key: string;
      readonly kind: FileKind;
      readonly ok: boolean;
      readonly mirror?: string;
      /** Transfers that broke after their first byte and were completed by another attempt. */
      readonly resumed: number;
      /** Bytes received from mirrors, those of broken attempts among them. */
      readonly upstreamBytes: number;
      readonly durationMs: number;
      /** What it spent that on, in milliseconds; races of two count once. */
      readonly phases?: readonly { readonly name: string; readonly ms: number }[];
      readonly error?: string;
      readonly trace?: TraceContext;
    }
  /** A complete file was judged; `failed`: that could not be done. */
  | {
      readonly type: 'verdict';
      readonly kind: FileKind;
      readonly mirror: string;
      readonly judgement: 'right' | 'unusable' | 'wrong' | 'hopeless' | 'failed';
      readonly bytes: number;
      readonly durationMs: number;
      readonly trace?: TraceContext;
    }
  /**
   * Content contradicts the checksum database or names another module. Of a file of the database that belongs
   * to no module, `module` is the database and `version` the file.
   */
  | {
      readonly type: 'integrity';
      readonly module: string;
      readonly version: string;
      readonly kind: FileKind;
      readonly mirror: string;
      readonly why: string;
      /** The hashes, as `h1:…`. */
      readonly expected?: string;
      readonly found?: string;
      /** What else is odd about a zip, for people; at most 20 lines. */
      readonly oddities?: readonly string[];
    }
  /** Files of the copy were given up to make room. */
  | { readonly type: 'eviction'; readonly files: number; readonly bytes: number }
  /** The index of the copy failed, or was made anew from the folder. */
  | { readonly type: 'index'; readonly state: 'failed' | 'rebuilt' }
  /**
   * The checksum database itself is in doubt. `fork`: it has signed two trees that contradict each other, and is
   * not used any more; `evidence` is both, with a proof, in many lines. `unproven`: nobody gives what its
   * signature proves.
   */
  | {
      readonly type: 'security';
      readonly database: string;
      readonly kind: 'fork' | 'unproven';
      readonly message: string;
      readonly evidence?: string;
    }
  /** A client has asked for more than it may, and waits for its time, or was refused. */
  | {
      readonly type: 'limit';
      readonly limit: 'rate' | 'concurrent' | 'connections';
      readonly refused: boolean;
    }
  /** People are told that something is wrong, or that it is over. `message` is one line in English. */
  | {
      readonly type: 'alert';
      readonly kind: string;
      readonly subject: string;
      readonly state: 'firing' | 'resolved';
      readonly message: string;
    }
  /** A receiver of alerts has taken one, or has not. */
  | { readonly type: 'delivery'; readonly receiver: string; readonly ok: boolean }
  /** The configuration was read again. `refused`: it is wrong, and the one in use stays. A notice tells people. */
  | { readonly type: 'reload'; readonly result: 'applied' | 'unchanged' | 'refused' }
  /** Something that a person should know: a mirror left out, the copy not writable. One line. */
  | {
      readonly type: 'notice';
      readonly level: NoticeLevel;
      /** In English, for logs. */
      readonly message: string;
      /** The same for people, whatever their language (notice.ts); absent where it has only English. */
      readonly said?: Text | string;
    };

/** How much a notice matters; `debug` is for those who look for something. */
export type NoticeLevel = 'debug' | 'info' | 'warn' | 'error';

/** What users see of a gate. */
export type GateStatus = 'HEALTHY' | 'UNHEALTHY' | 'COOLING' | 'QUARANTINED' | 'TRIAL' | 'OUTAGE' | 'DRAINED';

/** Tells an event. Never throws. */
export type Emit = (event: RondoEvent) => void;
