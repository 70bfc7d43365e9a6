import type { ComponentChildren, VNode } from 'preact';
import { useReader } from '../show/reader.ts';
import type { PlainKey } from '../words/say.ts';

type SectionProps = {
  readonly id: string;
  readonly title: PlainKey;
  readonly about: PlainKey;
  /** What can be done with the whole section, beside its title. */
  readonly tools?: ComponentChildren;
  readonly children: ComponentChildren;
};

/** A part of the page under a heading that the navigation leads to. */
export function Section({ id, title, about, tools, children }: SectionProps): VNode {
  const { say } = useReader();
  return (
    <section id={id} aria-labelledby={`${id}-title`}>
      <header class="section-head">
        <div>
          <h2 id={`${id}-title`} tabIndex={-1}>
            {say(title)}
          </h2>
          <p>{say(about)}</p>
        </div>
        {tools !== undefined && <div class="tools">{tools}</div>}
      </header>
      {children}
    </section>
  );
}
