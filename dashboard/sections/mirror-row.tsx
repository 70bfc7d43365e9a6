import type { ComponentChildren, VNode } from 'preact';
import type { MirrorShown } from '../../src/api/answers.ts';
import type { SeriesPoint } from '../../src/history/series.ts';
import { Sparkline } from '../charts/sparkline.tsx';
import { useReader } from '../show/reader.ts';
import { StateMark, toneOf, useGateWord } from '../parts/state-mark.tsx';
import { MirrorOrders } from './mirror-orders.tsx';

type RowProps = {
  readonly mirror: MirrorShown;
  readonly points: readonly SeriesPoint[];
  /** The greatest weight of all mirrors: a full bar. */
  readonly mostWeight: number;
  /** How long ago the mirrors were told. */
  readonly oldMs: number;
};

/** One mirror: how it stands at a glance, and below that why. */
export function MirrorRow({ mirror, points, mostWeight, oldMs }: RowProps): VNode {
  const { say, figures } = useReader();
  const gateWord = useGateWord();
  const { name, status, firstByte, forMs } = mirror;
  // What it would have; while it is out nothing goes to it.
  const weight = mirror.eligible ? mirror.weight : 0;
  const share = mostWeight > 0 ? weight / mostWeight : 0;
  return (
    <li class={`mirror ${toneOf(status)}`}>
      <div class="mirror-main">
        <div class="mirror-name">
          <h3>{name}</h3>
          <p>
            <StateMark status={status} />
            <span class="quiet">{say('forTime', { time: figures.duration(forMs + oldMs) })}</span>
          </p>
        </div>
        <div class="trend">
          <small aria-hidden="true">{say('trend')}</small>
          <Sparkline mirror={name} points={points} />
        </div>
        <dl class="mirror-figures">
          <Figure name={say('p95')}>
            {firstByte === undefined ? '–' : figures.latency(firstByte.p95Ms)}
          </Figure>
          <Figure name={say('breaker')}>{gateWord(mirror.gate, 'breaker')}</Figure>
          <Figure name={say('weight')}>
            {figures.decimal(weight)}
            <svg class="bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
              <rect class="track" width="100" height="4" />
              <rect width={Math.round(share * 100)} height="4" />
            </svg>
          </Figure>
          <Figure name={say('inFlight')}>{figures.count(mirror.inFlight)}</Figure>
        </dl>
      </div>
      {status !== 'HEALTHY' && <Reasons mirror={mirror} oldMs={oldMs} />}
      <details>
        <summary>
          {say('details')}
          <span class="unseen"> {name}</span>
        </summary>
        {status === 'HEALTHY' && <Reasons mirror={mirror} oldMs={oldMs} />}
        <MirrorFacts mirror={mirror} oldMs={oldMs} />
        <MirrorOrders mirror={mirror} />
      </details>
    </li>
  );
}

type FigureProps = {
  readonly name: string;
  /** It is long: it takes the room of two. */
  readonly wide?: boolean;
  readonly children: ComponentChildren;
};

function Figure(props: FigureProps): VNode {
  return (
    <div class={props.wide === true ? 'wide' : ''}>
      <dt>{props.name}</dt>
      <dd>{props.children}</dd>
    </div>
  );
}

type AgedProps = { readonly mirror: MirrorShown; readonly oldMs: number };

/** Why it is as it is, and what would change that and when. */
function Reasons({ mirror, oldMs }: AgedProps): VNode {
  const { say, figures } = useReader();
  const { why, next } = mirror;
  const inMs = next.inMs === undefined ? undefined : Math.max(0, next.inMs - oldMs);
  return (
    <dl class="reasons">
      <div>
        <dt>{say('why')}</dt>
        <dd>{why}</dd>
      </div>
      <div>
        <dt>
          {inMs === undefined ? say('nextChange') : say('nextChangeIn', { time: figures.duration(inMs) })}
        </dt>
        <dd>{next.words}</dd>
      </div>
    </dl>
  );
}

/** Everything else that is known of it. */
function MirrorFacts({ mirror, oldMs }: AgedProps): VNode {
  const { say, figures } = useReader();
  const gateWord = useGateWord();
  const { firstByte, bytesPerS, syncLagMs, certificateUntilMs, lastFailure } = mirror;
  return (
    <dl class="facts">
      <Figure name="URL" wide>
        <Address url={mirror.url} />
      </Figure>
      <Figure name={say('breaker')}>{gateWord(mirror.gate, 'gate')}</Figure>
      <Figure name={say('score')}>{figures.decimal(mirror.score)}</Figure>
      <Figure name={say('weight')}>
        {say('weightOf', { weight: figures.decimal(mirror.weight), base: mirror.baseWeight })}
      </Figure>
      {firstByte !== undefined && (
        <Figure name={say('firstByte')}>
          {say('p50')} {figures.latency(firstByte.p50Ms)}, {say('p95')} {figures.latency(firstByte.p95Ms)}
        </Figure>
      )}
      {bytesPerS !== undefined && (
        <Figure name={say('throughput')}>{say('perSecond', { bytes: figures.bytes(bytesPerS) })}</Figure>
      )}
      <Figure name={say('inFlight')}>
        {say('inFlightOf', { n: mirror.inFlight, waiting: mirror.waiting, slots: mirror.slots })}
      </Figure>
      <Figure name={say('syncLag')}>
        {syncLagMs === undefined
          ? say('unknown')
          : syncLagMs < 1000
            ? say('syncNone')
            : figures.duration(syncLagMs)}
      </Figure>
      {certificateUntilMs !== undefined && (
        <Figure name={say('certificateUntil')}>{figures.time(certificateUntilMs)}</Figure>
      )}
      <Figure name={say('connections')}>
        {say('connectionsOf', { open: mirror.connectionsOpen, opened: mirror.connectionsOpened })}
      </Figure>
      <Figure name={say('tier')}>{mirror.tier}</Figure>
      <Figure name={say('modulesOf')}>
        {mirror.match === '' || mirror.match === '*' ? say('allModules') : <code>{mirror.match}</code>}
      </Figure>
      {lastFailure !== undefined && (
        <>
          <Figure name={say('lastFailure', { ago: figures.ago(lastFailure.agoMs + oldMs) })} wide>
            {lastFailure.explanation.words}
            <span class="evidence-line">
              <code>{lastFailure.cause}</code> {lastFailure.detail}
            </span>
          </Figure>
          <Figure name={say('whoMends')} wide>
            {lastFailure.explanation.whoMends}
          </Figure>
        </>
      )}
    </dl>
  );
}

/** An address: a link only where it is one of the web. */
function Address({ url }: { readonly url: string }): VNode {
  return /^https?:\/\//i.test(url) ? (
    <a href={url} rel="noreferrer noopener" target="_blank">
      {url}
    </a>
  ) : (
    <span>{url}</span>
  );
}
