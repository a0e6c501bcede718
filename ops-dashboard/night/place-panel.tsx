import type { PlanEdit, PlanPlace, PlanView } from '../../contracts/http/nights.ts'
import { formatClock } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { BikesMoved } from './bikes-moved.tsx'
import { leftOutSentence } from './left-out-sentence.ts'
import { MoveForm } from './move-form.tsx'
import type { Selection } from './night-address.ts'
import { Panel } from './panel.tsx'
import { PlaceStock } from './place-stock.tsx'
import { stopLabels } from './stop-label.ts'
import { workOf } from './stop-row.tsx'
import { VanBadge } from './van-badge.tsx'

/** A hotspot or some strays: what stands there, who comes, or why nobody does, and how to make somebody come. */
export function PlacePanel({
  plan,
  place,
  canEdit,
  onOpen,
  onAsk,
  onShow,
}: {
  readonly plan: PlanView
  readonly place: PlanPlace
  readonly canEdit: boolean
  readonly onOpen: (at: Selection | null) => void
  readonly onAsk: (edit: PlanEdit) => void
  readonly onShow: () => void
}) {
  const text = useText()
  const { t, tag } = text
  const index = plan.places.indexOf(place)
  const leftOut = plan.leftOut.find((one) => one.place === index)
  const visits = plan.routes.flatMap((route, van) =>
    route.stops.flatMap((stop, at) => (stop.place === index ? [{ route, van, stop, at }] : [])),
  )
  return (
    <Panel about={place.placeId} title={place.name} onClose={() => onOpen(null)}>
      <p className="small soft">{t(`night.kind.${place.kind}`)}</p>
      <PlaceStock place={place} />
      {visits.length > 0 && (
        <section className="stack">
          <h3>{t('night.visits')}</h3>
          <ul className="stack">
            {visits.map(({ route, van, stop, at }) => (
              <li key={`${route.vanId}:${at}`}>
                <button
                  type="button"
                  className="button visit"
                  onClick={() => onOpen({ kind: 'stop', vanId: route.vanId, stop: at })}
                >
                  <VanBadge van={van}>{stopLabels(plan, route)[at]}</VanBadge>
                  <span>
                    {route.vanName}, {formatClock(tag, stop.arriveAt)}: {workOf(t, stop)}
                  </span>
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}
      {leftOut !== undefined && (
        <div className="notice warn">
          <h3>{t('night.left_out_here')}</h3>
          <p>{leftOutSentence(leftOut, text)}</p>
        </div>
      )}
      <BikesMoved plan={plan} place={index} vanId={null} />
      {canEdit && place.kind !== 'depot' && plan.routes.length > 0 && (
        <MoveForm
          key={place.placeId}
          plan={plan}
          vanId={null}
          stop={null}
          title={t('night.add_to_van')}
          submit={t('night.see_price')}
          onChoose={(vanId, atStop) => onAsk({ kind: 'add_stop', placeId: place.placeId, vanId, atStop })}
        />
      )}
      <button type="button" className="button" onClick={onShow}>
        {t('ops.show_on_map')}
      </button>
    </Panel>
  )
}
