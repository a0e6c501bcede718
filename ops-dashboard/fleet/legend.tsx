import { type BikeState, bikeStates } from '../../contracts/live/bike-states.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { StateMark } from '../../ui-kit/state-mark.tsx'

/** What the marks mean, how many bikes are in each state, and the filter for map and list. Urgent states first. */
export function Legend({
  counts,
  total,
  shown,
  onShown,
}: {
  readonly counts: Readonly<Record<BikeState, number>> | null
  readonly total: number
  readonly shown: readonly boolean[]
  readonly onShown: (shown: readonly boolean[]) => void
}) {
  const { t } = useText()
  const all = shown.every(Boolean)
  return (
    <section className="legend" aria-labelledby="legend-title">
      <div className="row spread">
        <h2 id="legend-title" className="number">
          {t('ops.bikes', { count: total })}
        </h2>
        <button
          type="button"
          className="button quiet"
          disabled={all}
          onClick={() => onShown(bikeStates.map(() => true))}
        >
          {t('ops.states_all')}
        </button>
      </div>
      <ul>
        {bikeStates.toReversed().map((state) => {
          const place = bikeStates.indexOf(state)
          return (
            <li key={state}>
              <button
                type="button"
                className="state"
                aria-pressed={shown[place] === true}
                onClick={() => onShown(shown.map((on, index) => (index === place ? !on : on)))}
              >
                <StateMark state={state} />
                <span>{t(`bike_state.${state}`)}</span>
                <strong className="number">{counts?.[state] ?? 0}</strong>
              </button>
            </li>
          )
        })}
      </ul>
    </section>
  )
}
