import type { VNode } from 'preact';
import type { Problem } from '../api/problem.ts';
import { usePage } from '../live/page.ts';
import { useReader } from '../show/reader.ts';

/** What stands in the page's place while Rondo does not talk to it: a token is asked for, or the remedy shown. */
export function Refused({ problem }: { readonly problem: Problem }): VNode {
  const page = usePage();
  const { say } = useReader();
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const token = new FormData(event.target as HTMLFormElement).get('token');
    page.enterToken(typeof token === 'string' ? token.trim() : '');
  };
  const asks = problem.status === 401;
  return (
    <div class="refused">
      <h1>{say(asks ? 'tokenTitle' : problem.status === 403 ? 'elsewhereTitle' : 'refusedTitle')}</h1>
      {asks && <p>{say('tokenText')}</p>}
      <div role="alert">
        {asks && page.hasToken() && <p class="wrong">{say('tokenWrong')}</p>}
        {!asks && <Why problem={problem} />}
      </div>
      {asks ? (
        <form onSubmit={submit}>
          <label class="field">
            {say('tokenLabel')}
            <input type="password" name="token" autocomplete="current-password" required />
          </label>
          <button type="submit" class="main">
            {say('tokenDo')}
          </button>
        </form>
      ) : (
        <button type="button" onClick={() => page.retry()}>
          {say('again')}
        </button>
      )}
    </div>
  );
}

/** What the API says to programs is not what helps somebody before a browser. */
function Why({ problem }: { readonly problem: Problem }): VNode {
  const { say } = useReader();
  if (problem.status === 403) return <p>{say('elsewhereText')}</p>;
  if (problem.status === 421) return <p>{say('hostText', { host: location.hostname })}</p>;
  return <p>{problem.message}</p>;
}
