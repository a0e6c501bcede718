/** One of a few views of a list, as a row of keys, each with how many it would show where that is known. */
export function ViewKeys<T extends string>({
  legend,
  views,
  chosen,
  words,
  amounts,
  onChoose,
}: {
  readonly legend: string
  readonly views: readonly T[]
  readonly chosen: T
  readonly words: (view: T) => string
  readonly amounts: Readonly<Partial<Record<T, number | undefined>>>
  readonly onChoose: (view: T) => void
}) {
  return (
    <fieldset className="choice">
      <legend className="visually-hidden">{legend}</legend>
      {views.map((view) => (
        <button
          key={view}
          type="button"
          className="button"
          aria-pressed={view === chosen}
          onClick={() => onChoose(view)}
        >
          {words(view)} {amounts[view] !== undefined && <span className="number soft">{amounts[view]}</span>}
        </button>
      ))}
    </fieldset>
  )
}
