import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { MirrorShown, MirrorsAnswer } from '../../src/api/answers.ts';
import { usePage } from '../live/page.ts';
import { Confirm } from '../parts/confirm.tsx';
import { useReader } from '../show/reader.ts';

type Order = 'drain' | 'undrain' | 'weight';
type DialogProps = { readonly mirror: MirrorShown; send(order: object): Promise<void>; close(): void };

/** What people can order of a mirror, each after a question. */
export function MirrorOrders({ mirror }: { readonly mirror: MirrorShown }): VNode {
  const page = usePage();
  const { say } = useReader();
  const [order, setOrder] = useState<Order>();
  const send = async (body: object): Promise<void> => {
    page.mirrors.set(await page.post<MirrorsAnswer>(`mirrors/${encodeURIComponent(mirror.name)}`, body));
  };
  const dialog = { mirror, send, close: () => setOrder(undefined) };
  const isDrained = mirror.status === 'DRAINED';
  return (
    <div class="tools">
      <button type="button" onClick={() => setOrder(isDrained ? 'undrain' : 'drain')}>
        {say(isDrained ? 'undrain' : 'drain')}
        <span class="unseen"> {mirror.name}</span>
      </button>
      <button type="button" onClick={() => setOrder('weight')}>
        {say('setWeight')}
        <span class="unseen"> {mirror.name}</span>
      </button>
      {order === 'drain' && <DrainDialog {...dialog} />}
      {order === 'undrain' && <UndrainDialog {...dialog} />}
      {order === 'weight' && <WeightDialog {...dialog} />}
    </div>
  );
}

function DrainDialog({ mirror, send, close }: DialogProps): VNode {
  const { say } = useReader();
  return (
    <Confirm
      title={say('drainTitle', { mirror: mirror.name })}
      text={say('drainText')}
      action={say('drainDo')}
      danger
      act={(form) => send({ drain: form.get('drain') })}
      close={close}
    >
      <label class="field">
        {say('drainFor')}
        <select name="drain">
          <option value="15m">{say('drain15m')}</option>
          <option value="1h" selected>
            {say('drain1h')}
          </option>
          <option value="8h">{say('drain8h')}</option>
          <option value="on">{say('drainOn')}</option>
        </select>
      </label>
    </Confirm>
  );
}

function UndrainDialog({ mirror, send, close }: DialogProps): VNode {
  const { say } = useReader();
  return (
    <Confirm
      title={say('undrainTitle', { mirror: mirror.name })}
      text={say('undrainText')}
      action={say('undrainDo')}
      act={() => send({ drain: '0s' })}
      close={close}
    />
  );
}

function WeightDialog({ mirror, send, close }: DialogProps): VNode {
  const { say } = useReader();
  const { name, baseWeight, configuredWeight } = mirror;
  const act = (form: FormData): Promise<void> =>
    send({ weight: form.has('configured') ? 'configured' : Number(form.get('weight')) });
  return (
    <Confirm
      title={say('weightTitle', { mirror: name })}
      text={say('weightText')}
      action={say('weightDo')}
      act={act}
      close={close}
    >
      <label class="field">
        {say('weightLabel')}
        <input
          type="number"
          name="weight"
          min="1"
          max="1000"
          step="1"
          required
          defaultValue={String(baseWeight)}
        />
        <small>{say('weightConfigured', { weight: configuredWeight })}</small>
      </label>
      {baseWeight !== configuredWeight && (
        <button type="submit" name="configured" value="yes" formNoValidate>
          {say('weightBack')}
        </button>
      )}
    </Confirm>
  );
}
