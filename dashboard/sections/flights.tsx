import type { VNode } from 'preact';
import type { FlightShown } from '../../src/api/answers.ts';
import { usePage } from '../live/page.ts';
import { useServerNow } from '../live/server-now.ts';
import { useStore } from '../live/store.ts';
import { Section } from '../parts/section.tsx';
import { useReader } from '../show/reader.ts';

/** More at once tell nobody anything. */
const MOST = 50;

/** What is being fetched now. Not a live region: it changes four times a second. */
export function FlightsSection(): VNode {
  const page = usePage();
  const { say } = useReader();
  const flights = useStore(page.flights);
  return (
    <Section id="flights" title="flights" about="flightsAbout">
      {flights.length === 0 ? (
        <p class="empty">{say('flightsNone')}</p>
      ) : (
        <ul class="flights">
          {flights.slice(0, MOST).map((flight) => (
            <FlightRow key={flight.key} flight={flight} />
          ))}
        </ul>
      )}
    </Section>
  );
}

function FlightRow({ flight }: { readonly flight: FlightShown }): VNode {
  const { say, figures } = useReader();
  const nowMs = useServerNow();
  const { module, fileVersion, kind, mirror, receivedBytes, totalBytes, waiting } = flight;
  const received = figures.bytes(receivedBytes);
  const name =
    module === undefined ? flight.key : `${module}${fileVersion === undefined ? '' : `@${fileVersion}`}`;
  return (
    <li>
      <div class="flight-name">
        <span class="path">{name}</span> <span class="tag">{kind}</span>
      </div>
      <progress
        aria-label={name}
        {...(totalBytes === undefined ? {} : { value: receivedBytes, max: Math.max(1, totalBytes) })}
      />
      <p class="quiet">
        <span>{mirror === undefined ? say('flightNobody') : say('flightFrom', { mirror })}</span>
        {(receivedBytes > 0 || totalBytes !== undefined) && (
          <span>
            {totalBytes === undefined
              ? received
              : say('flightProgress', { received, total: figures.bytes(totalBytes) })}
          </span>
        )}
        <span>{figures.duration(nowMs - flight.startedAtMs)}</span>
        {waiting > 1 && <span>{say('flightWaiting', { n: waiting })}</span>}
      </p>
    </li>
  );
}
