import { useId, useState } from 'react'

/**
 * One of a few, as radio buttons that look like a row of keys; arrows move between them. What was chosen is shown at
 * once; when `onChoose` is done, `chosen` says what holds.
 */
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
  readonly onChoose: (value: T) => Promise<void>
}) {
  const name = useId()
  const [wanted, setWanted] = useState<T | null>(null)
  const choose = async (value: T) => {
    setWanted(value)
    await onChoose(value)
    setWanted(null)
  }
  return (
    <fieldset className="demo-choice" disabled={disabled} aria-busy={wanted !== null}>
      <legend>{legend}</legend>
      <div className="demo-choice-keys">
        {options.map(({ value, text }) => (
          <label key={value} className="demo-choice-key">
            <input
              type="radio"
              name={name}
              checked={value === (wanted ?? chosen)}
              onChange={() => void choose(value)}
            />
            <span>{text}</span>
          </label>
        ))}
      </div>
    </fieldset>
  )
}
