import type { PlanEdit, PlanRoute, PlanStop, PlanView } from '../../contracts/http/nights.ts'
import { formatClock } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { BikesMoved } from './bikes-moved.tsx'
import { kilometres, minutes, plainRides, signedRides } from './formats.ts'
import { MoveForm } from './move-form.tsx'
import type { Selection } from './night-address.ts'
import { Facts, Panel } from './panel.tsx'
import { PlaceStock } from './place-stock.tsx'
import { isHomeward, placeOf, stopLabels } from './stop-label.ts'
import { workOf } from './stop-row.tsx'
import { VanBadge } from './van-badge.tsx'

/** Why the van stops here: each bike, what leaving it out would lose, and everything that may be changed. */
export function StopPanel({
  plan,
  route,
  index,
  canEdit,
  onOpen,
  onAsk,
  onApply,
  onShow,
}: {
  readonly plan: PlanView
  readonly route: PlanRoute
  readonly index: number
  readonly canEdit: boolean
  readonly onOpen: (at: Selection | null) => void
  readonly onAsk: (edit: PlanEdit) => void
  readonly onApply: (edit: PlanEdit) => void
  readonly onShow: () => void
}) {
  const { t, tag } = useText()
  const stop = route.stops[index] as PlanStop
  const place = placeOf(plan, stop)
  const van = plan.routes.indexOf(route)
  const { vanId } = route
  const homeward = isHomeward(plan, route, index)
  const passed = route.progress !== null && index < route.progress.stopsDone
  const last = route.stops.length - 1 - (isHomeward(plan, route, route.stops.length - 1) ? 1 : 0)
  const moveBy = (step: number) =>
    onAsk({ kind: 'move_stop', vanId, stop: index, toVanId: vanId, toStop: index + step })
  return (
    <Panel
      about={`${vanId}:${index}`}
      onClose={() => onOpen(null)}
      title={
        <>
          <VanBadge van={van}>{stopLabels(plan, route)[index]}</VanBadge> {place?.name}
        </>
      }
    >
      <p className="small soft number">
        {route.vanName} · {formatClock(tag, stop.arriveAt)}–{formatClock(tag, stop.departAt)} · {workOf(t, stop)}
      </p>
      {!homeward && (
        <p className="notice">
          {t('night.worth_of_stop', {
            rides: plainRides(tag, stop.worth),
            km: kilometres(tag, stop.detourM),
            minutes: minutes(tag, stop.detourMinutes),
          })}
        </p>
      )}
      {place !== null && <PlaceStock place={place} />}
      <BikesMoved plan={plan} place={stop.place} vanId={vanId} />
      <Facts
        facts={[
          [t('night.f.value'), signedRides(tag, stop.value)],
          [t('night.f.leg'), kilometres(tag, stop.legM)],
          [t('night.f.load'), `${stop.loadAfter + stop.brokenAfter} / ${route.capacity}`],
        ]}
      />
      {canEdit && !homeward && !passed && (
        <section className="stack" aria-label={t('night.change')}>
          <h3>{t('night.change')}</h3>
          <div className="row wrap">
            <button type="button" className="button" disabled={index === 0} onClick={() => moveBy(-1)}>
              {t('night.earlier')}
            </button>
            <button type="button" className="button" disabled={index >= last} onClick={() => moveBy(1)}>
              {t('night.later')}
            </button>
            <button
              type="button"
              className="button"
              aria-pressed={stop.isLocked}
              onClick={() => onApply({ kind: stop.isLocked ? 'unlock_stop' : 'lock_stop', vanId, stop: index })}
            >
              {stop.isLocked ? t('night.unlock') : t('night.lock')}
            </button>
            <button type="button" className="button" onClick={() => onAsk({ kind: 'drop_stop', vanId, stop: index })}>
              {t('night.drop')}
            </button>
          </div>
          <p className="small soft">{t('night.lock_how')}</p>
          <MoveForm
            key={`${vanId}:${index}`}
            plan={plan}
            vanId={vanId}
            stop={index}
            submit={t('night.see_price')}
            title={t('night.move_to')}
            onChoose={(toVanId, toStop) => onAsk({ kind: 'move_stop', vanId, stop: index, toVanId, toStop })}
          />
        </section>
      )}
      <button type="button" className="button" onClick={onShow}>
        {t('ops.show_on_map')}
      </button>
    </Panel>
  )
}
