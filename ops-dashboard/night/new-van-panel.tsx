import { useId, useState } from 'react'
import type { PlanEdit, PlanView } from '../../contracts/http/nights.ts'
import { formatClock } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { freeVanId } from './free-van-id.ts'
import { Panel } from './panel.tsx'

const usualCapacity = 20

/** One more van for this night only; the settings of other nights stay as they are. */
export function NewVanPanel({
  plan,
  onClose,
  onAsk,
}: {
  readonly plan: PlanView
  readonly onClose: () => void
  readonly onAsk: (edit: PlanEdit) => void
}) {
  const { t, tag } = useText()
  const id = useId()
  const like = plan.routes[0]
  const vanId = freeVanId(plan.routes.map((route) => route.vanId))
  const [name, setName] = useState(`Van ${vanId.replace('van-', '')}`)
  const [capacity, setCapacity] = useState(like?.capacity ?? usualCapacity)
  const [startsAt, setStartsAt] = useState(like === undefined ? '22:00' : formatClock(tag, like.shiftStartAt))
  const [endsAt, setEndsAt] = useState(like === undefined ? '06:00' : formatClock(tag, like.shiftEndAt))
  return (
    <Panel about="new-van" title={t('night.add_van')} onClose={onClose}>
      <p className="small soft">{t('night.add_van_how')}</p>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault()
          const van = { vanId, name, capacity, depotId: plan.depotId, startsAt, endsAt, goesOut: true }
          onAsk({ kind: 'add_van', van })
        }}
      >
        <div className="field">
          <label htmlFor={`${id}-name`}>{t('night.van_name')}</label>
          <input
            id={`${id}-name`}
            required
            maxLength={80}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        </div>
        <div className="field">
          <label htmlFor={`${id}-capacity`}>{t('night.van_capacity')}</label>
          <input
            id={`${id}-capacity`}
            type="number"
            required
            min={1}
            max={100}
            value={capacity}
            onChange={(event) => setCapacity(event.target.valueAsNumber)}
          />
        </div>
        <div className="row">
          <div className="field grow">
            <label htmlFor={`${id}-start`}>{t('night.shift_from')}</label>
            <input
              id={`${id}-start`}
              type="time"
              required
              value={startsAt}
              onChange={(event) => setStartsAt(event.target.value)}
            />
          </div>
          <div className="field grow">
            <label htmlFor={`${id}-end`}>{t('night.shift_to')}</label>
            <input
              id={`${id}-end`}
              type="time"
              required
              value={endsAt}
              onChange={(event) => setEndsAt(event.target.value)}
            />
          </div>
        </div>
        <button type="submit" className="button main">
          {t('night.see_price')}
        </button>
      </form>
    </Panel>
  )
}
