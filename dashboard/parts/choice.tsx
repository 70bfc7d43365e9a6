import type { VNode } from 'preact';

type ChoiceProps<T extends string> = {
  readonly name: string;
  readonly label: string;
  readonly value: T;
  readonly options: readonly {
    readonly value: NoInfer<T>;
    readonly text: string;
    readonly language?: string;
  }[];
  onChoose(value: NoInfer<T>): void;
};

/** One of a few: radio buttons, so that one Tab gets there and the arrows choose. */
export function Choice<T extends string>({ name, label, value, options, onChoose }: ChoiceProps<T>): VNode {
  return (
    <fieldset class="choice">
      <legend class="unseen">{label}</legend>
      {options.map((option) => (
        <label key={option.value} lang={option.language}>
          <input
            type="radio"
            name={name}
            value={option.value}
            checked={option.value === value}
            onChange={() => onChoose(option.value)}
          />
          <span>{option.text}</span>
        </label>
      ))}
    </fieldset>
  );
}
