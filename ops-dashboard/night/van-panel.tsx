import { useQueryClient } from '@tanstack/react-query'
import { useId, useState } from 'react'
import type { PlanEdit, PlanRoute, PlanView } from '../../contracts/http/nights.ts'
import { formatClock } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { ConfirmedAct } from '../frame/confirmed-act.tsx'
import { hours, kilometres, plainRides, signedRides } from './formats.ts'
import type { Selection } from './night-address.ts'
import { hoursOf, workStops } from './night-figures.ts'
import { Facts, Panel } from './panel.tsx'
import { planPath } from './use-plan-edits.ts'
import { VanBadge } from './van-badge.tsx'

/** One van's night in figures; its shift may be changed, it may stay at home, and its crew may lose it. */
export function VanPanel({
  plan,
  route,
  canEdit,
  onOpen,
  onAsk,
}: {
  readonly plan: PlanView
  readonly route: PlanRoute
  readonly canEdit: boolean
  readonly onOpen: (at: Selection | null) => void
  readonly onAsk: (edit: PlanEdit) => void
}) {
  const { t, tag } = useText()
  const clock = (atMs: number) => formatClock(tag, atMs)
  const { vanId, vanName } = route
  const queries = useQueryClient()
  return (
    <Panel
      about={vanId}
      onClose={() => onOpen(null)}
      title={
        <>
          <VanBadge van={plan.routes.indexOf(route)} /> {vanName}
        </>
      }
    >
      <Facts
        facts={[
          [t('night.f.shift'), `${clock(route.shiftStartAt)}–${clock(route.shiftEndAt)}`],
          [t('night.f.back'), route.stops.length === 0 ? t('night.stays_home') : clock(route.endsAt)],
          [t('night.f.capacity'), String(route.capacity)],
          [t('night.f.stops'), String(workStops(plan, route))],
          [t('night.f.way'), `${kilometres(tag, route.distanceM)}, ${hours(tag, hoursOf([route]))}`],
          [t('night.f.won'), signedRides(tag, route.value)],
          [t('night.f.cost'), plainRides(tag, route.cost)],
          ...(route.crewName === null ? [] : [[t('night.f.crew'), route.crewName] as const]),
        ]}
      />
      {canEdit && (
        <>
          <ShiftForm
            key={`${vanId}${route.shiftStartAt}${route.shiftEndAt}`}
            startsAt={clock(route.shiftStartAt)}
            endsAt={clock(route.shiftEndAt)}
            onChoose={(startsAt, endsAt) => onAsk({ kind: 'change_shift', vanId, startsAt, endsAt })}
          />
          <button type="button" className="button" onClick={() => onAsk({ kind: 'remove_van', vanId })}>
            {t('night.remove_van')}
          </button>
        </>
      )}
      {plan.state === 'published' && route.routeId !== null && route.crewName !== null && (
        <ConfirmedAct
          key={route.routeId}
          button={t('night.take_back')}
          title={t('night.take_back_title', { van: vanName, crew: route.crewName })}
          what={t('night.take_back_what')}
          confirm={t('night.take_back_now')}
          path={`/v1/staff/routes/${route.routeId}/take-back`}
          onSettled={() => void queries.invalidateQueries({ queryKey: [planPath(plan.planId)] })}
        />
      )}
    </Panel>
  )
}

function ShiftForm({
  startsAt,
  endsAt,
  onChoose,
}: {
  readonly startsAt: string
  readonly endsAt: string
  readonly onChoose: (startsAt: string, endsAt: string) => void
}) {
  const { t } = useText()
  const id = useId()
  const [start, setStart] = useState(startsAt)
  const [end, setEnd] = useState(endsAt)
  return (
    <form
      className="stack move-form"
      aria-labelledby={`${id}-title`}
      onSubmit={(event) => {
        event.preventDefault()
        onChoose(start, end)
      }}
    >
      <h3 id={`${id}-title`}>{t('night.shift')}</h3>
      <div className="row">
        <div className="field grow">
          <label htmlFor={`${id}-start`}>{t('night.shift_from')}</label>
          <input
            id={`${id}-start`}
            type="time"
            required
            value={start}
            onChange={(event) => setStart(event.target.value)}
          />
        </div>
        <div className="field grow">
          <label htmlFor={`${id}-end`}>{t('night.shift_to')}</label>
          <input id={`${id}-end`} type="time" required value={end} onChange={(event) => setEnd(event.target.value)} />
        </div>
      </div>
      <button type="submit" className="button" disabled={start === startsAt && end === endsAt}>
        {t('night.see_price')}
      </button>
    </form>
  )
}
