import { useId } from 'react'

/** One of a few, as radio buttons that look like a row of keys; arrows move between them. */
export function Choice<T extends string | number>({
  legend,
  options,
  chosen,
  disabled,
  onChoose,
}: {
  readonly legend: string
  readonly options: readonly { readonly value: T; readonly text: string }[]
  readonly chosen: T
  readonly disabled: boolean
  readonly onChoose: (value: T) => void
}) {
  const name = useId()
  return (
    <fieldset className="choice" disabled={disabled}>
      <legend>{legend}</legend>
      <div className="choice-keys">
        {options.map(({ value, text }) => (
          <label key={value} className="choice-key">
            <input type="radio" name={name} checked={value === chosen} onChange={() => onChoose(value)} />
            <span>{text}</span>
          </label>
        ))}
      </div>
    </fieldset>
  )
}
