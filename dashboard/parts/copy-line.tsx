import type { VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { useReader } from '../show/reader.ts';

/** Selects a text, for who has to copy it by hand: pages without TLS off loopback may not use the clipboard. */
function select(element: HTMLElement): void {
  getSelection()?.selectAllChildren(element);
}

/** A command to paste, with a button that copies it. */
export function CopyLine({ text }: { readonly text: string }): VNode {
  const { say } = useReader();
  const [said, setSaid] = useState<'copied' | 'copyFailed'>();
  const code = useRef<HTMLElement>(null);
  useEffect(() => {
    if (said === undefined) return undefined;
    const timer = setTimeout(() => setSaid(undefined), 4000);
    return () => clearTimeout(timer);
  }, [said]);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setSaid('copied');
    } catch {
      if (code.current !== null) select(code.current);
      setSaid('copyFailed');
    }
  };
  return (
    <div class="copy-line">
      <pre tabIndex={0} role="group" aria-label={say('command')}>
        <code ref={code}>{text}</code>
      </pre>
      <button type="button" onClick={() => void copy()}>
        {say('copyText')}
      </button>
      <span role="status">{said !== undefined && say(said)}</span>
    </div>
  );
}
