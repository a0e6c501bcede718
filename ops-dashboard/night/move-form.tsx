import { useId, useState } from 'react'
import type { PlanView } from '../../contracts/http/nights.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { isHomeward, placeOf } from './stop-label.ts'

/** "To van …, position …": the way to move or add a stop without dragging. */
export function MoveForm({
  plan,
  vanId,
  stop,
  title,
  submit,
  onChoose,
}: {
  readonly plan: PlanView
  /** Where the stop is now; null: it is in no van. */
  readonly vanId: string | null
  readonly stop: number | null
  readonly title: string
  readonly submit: string
  readonly onChoose: (vanId: string, stop: number) => void
}) {
  const { t } = useText()
  const id = useId()
  const [toVan, setToVan] = useState(vanId ?? plan.routes[0]?.vanId ?? '')
  const [toStop, setToStop] = useState(stop ?? 0)
  const route = plan.routes.find((one) => one.vanId === toVan)
  if (route === undefined) return null
  const others = route.stops.filter(
    (_stop, index) => !(toVan === vanId && index === stop) && !isHomeward(plan, route, index),
  )
  const done = route.progress?.stopsDone ?? 0
  return (
    <form
      className="stack move-form"
      aria-labelledby={`${id}-title`}
      onSubmit={(event) => {
        event.preventDefault()
        onChoose(toVan, toStop)
      }}
    >
      <h3 id={`${id}-title`}>{title}</h3>
      <div className="row wrap">
        <div className="field">
          <label htmlFor={`${id}-van`}>{t('night.van')}</label>
          <select
            id={`${id}-van`}
            value={toVan}
            onChange={(event) => {
              setToVan(event.target.value)
              setToStop(event.target.value === vanId ? (stop ?? 0) : 0)
            }}
          >
            {plan.routes.map((one) => (
              <option key={one.vanId} value={one.vanId}>
                {one.vanName}
              </option>
            ))}
          </select>
        </div>
        <div className="field grow">
          <label htmlFor={`${id}-stop`}>{t('night.position')}</label>
          <select id={`${id}-stop`} value={toStop} onChange={(event) => setToStop(Number(event.target.value))}>
            {[null, ...others].map((before, position) =>
              position < done ? null : (
                <option
                  // biome-ignore lint/suspicious/noArrayIndexKey: a position is its number
                  key={position}
                  value={position}
                >
                  {before === null
                    ? t('night.first')
                    : t('night.after', { number: position, name: placeOf(plan, before)?.name ?? '' })}
                </option>
              ),
            )}
          </select>
        </div>
      </div>
      <button type="submit" className="button" disabled={toVan === vanId && toStop === stop}>
        {submit}
      </button>
    </form>
  )
}
