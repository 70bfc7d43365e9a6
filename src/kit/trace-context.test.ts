import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setImmediate as nextRound } from 'node:timers/promises';
import fc from 'fast-check';
import { childTrace, inTrace, isInShare, traceHeaders, traceOfRequest } from './trace-context.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const PARENT = 'b7ad6b7169203331';
const never = (): boolean => false;

describe('a traceparent', () => {
  test('of the standard is gone on with, and who began the trace decides whether it is sampled where he is followed', () => {
    for (const [flags, sampled] of [
      ['01', true],
      ['00', false],
      ['03', true],
    ] as const) {
      const { spanId, ...rest } = traceOfRequest(
        { traceparent: `00-${TRACE}-${PARENT}-${flags}` },
        never,
        true,
      );
      assert.deepEqual(rest, { traceId: TRACE, parentId: PARENT, sampled, isRemote: true });
      assert.match(spanId, /^(?!0{16})[\da-f]{16}$/);
      assert.notEqual(spanId, PARENT);
    }
  });

  test('decides nothing where who sent it is not followed, however its id was chosen', () => {
    const asked: string[] = [];
    for (const flags of ['00', '01']) {
      const traceparent = `00-${TRACE}-${PARENT}-${flags}`;
      const begun = (isSampled: boolean): boolean =>
        traceOfRequest({ traceparent }, (id) => asked.push(id) > 0 && isSampled).sampled;
      assert.deepEqual([begun(true), begun(false)], [true, false]);
    }
    assert.equal(new Set([...asked, TRACE]).size, 5);
  });

  test('of a later version may have more at its end, of this one not', () => {
    const asked = (traceparent: string): string => traceOfRequest({ traceparent }, never).traceId;
    assert.equal(asked(`cc-${TRACE}-${PARENT}-01-what-comes`), TRACE);
    assert.notEqual(asked(`00-${TRACE}-${PARENT}-01-what-comes`), TRACE);
  });

  test('that is wrong begins a trace of its own, without a parent', () => {
    const wrong = [
      '',
      `ff-${TRACE}-${PARENT}-01`,
      `00-${'0'.repeat(32)}-${PARENT}-01`,
      `00-${TRACE}-${'0'.repeat(16)}-01`,
      `00-${TRACE.toUpperCase()}-${PARENT}-01`,
      `00-${TRACE}-${PARENT}-1`,
      `00-${TRACE}-${PARENT}-01, 00-${TRACE}-${PARENT}-01`,
      `cc-${TRACE}-${PARENT}-01-${'x'.repeat(500)}`,
    ];
    for (const traceparent of wrong) {
      const begun = traceOfRequest({ traceparent, tracestate: 'a=1' }, () => true);
      assert.deepEqual(
        [begun.parentId, begun.state, begun.sampled],
        [undefined, undefined, true],
        traceparent,
      );
      assert.notEqual(begun.traceId, TRACE, traceparent);
    }
  });
});

describe('a tracestate', () => {
  const state = (tracestate: string | string[]): string | undefined =>
    traceOfRequest({ traceparent: `00-${TRACE}-${PARENT}-01`, tracestate }, never).state;

  test('goes on as it came, with the space between its members taken out', () => {
    assert.equal(
      state('congo=t61rcWkgMzE, rojo=00f067aa0ba902b7,'),
      'congo=t61rcWkgMzE,rojo=00f067aa0ba902b7',
    );
    assert.equal(state(['a=1', 'b@c=2']), 'a=1,b@c=2');
  });

  test('that is wrong anywhere does not go on at all', () => {
    const many = Array.from({ length: 33 }, (_, at) => `k${at}=1`).join(',');
    for (const wrong of [
      'a',
      'A=1',
      'a=1,a=2',
      'a=1\r\nx: y',
      'a=b=c',
      'a=\u00e9',
      many,
      `a=${'x'.repeat(600)}`,
    ])
      assert.equal(state(wrong), undefined, wrong);
  });
});

test('whatever a client sends, what goes on is a header that the standard allows', () => {
  const text = fc.oneof(fc.string(), fc.constant(`00-${TRACE}-${PARENT}-01`));
  fc.assert(
    fc.property(text, fc.string(), (traceparent, tracestate) => {
      const sent = traceHeaders(traceOfRequest({ traceparent, tracestate }, never));
      assert.match(sent['traceparent'] ?? '', /^00-(?!0{32})[\da-f]{32}-(?!0{16})[\da-f]{16}-0[01]$/);
      assert.match(sent['tracestate'] ?? 'a=1', /^[ -~]{1,512}$/);
    }),
  );
});

test('what is begun within a trace is below it, also after a wait; outside of all there is none', async () => {
  const request = traceOfRequest({}, () => true);
  assert.equal(childTrace(), undefined);
  const child = await inTrace(request, async () => {
    await nextRound();
    return childTrace();
  });
  assert.deepEqual(
    [child?.traceId, child?.parentId, child?.sampled],
    [request.traceId, request.spanId, true],
  );
  assert.equal(
    inTrace(undefined, () => childTrace()),
    undefined,
  );
});

test('a share is by the id: none, all, and of random ones about as many as it says', () => {
  const ids = Array.from({ length: 2000 }, () => traceOfRequest({}, never).traceId);
  const within = (share: number): number => ids.filter((id) => isInShare(id, share)).length;
  assert.deepEqual([within(0), within(1)], [0, 2000]);
  assert.ok(within(0.25) > 350 && within(0.25) < 650);
  // As the SDKs decide (TraceIdRatioBased): the four words of an id, one over the other.
  assert.deepEqual(
    [0.5, 0.49].map((share) => isInShare(`7fffffff${'0'.repeat(24)}`, share)),
    [true, false],
  );
});
