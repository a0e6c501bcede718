import { type DragEvent, useState } from 'react'
import type { PlanEdit, PlanRoute, PlanView } from '../../contracts/http/nights.ts'
import { formatClock } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { kilometres, signedRides } from './formats.ts'
import type { Selection } from './night-address.ts'
import { workStops } from './night-figures.ts'
import { isHomeward } from './stop-label.ts'
import { StopRow } from './stop-row.tsx'
import { VanBadge, VanLine } from './van-badge.tsx'

interface Dragged {
  readonly vanId: string
  readonly stop: number
}

/** The vans with their stops in driving order. A stop is dragged here, or moved by the fields of its panel. */
export function VanList({
  plan,
  at,
  canEdit,
  onOpen,
  onAsk,
}: {
  readonly plan: PlanView
  readonly at: Selection | null
  readonly canEdit: boolean
  readonly onOpen: (at: Selection | null) => void
  readonly onAsk: (edit: PlanEdit) => void
}) {
  const { t } = useText()
  const [dragged, setDragged] = useState<Dragged | null>(null)
  const drop = (toVanId: string, before: number) => {
    setDragged(null)
    if (dragged === null) return
    // positions after its own count one less once it is gone
    const toStop = dragged.vanId === toVanId && dragged.stop < before ? before - 1 : before
    if (dragged.vanId === toVanId && dragged.stop === toStop) return
    onAsk({ kind: 'move_stop', vanId: dragged.vanId, stop: dragged.stop, toVanId, toStop })
  }
  return (
    <div className="vans stack">
      {plan.routes.map((route, van) => (
        <VanSection
          key={route.vanId}
          plan={plan}
          route={route}
          van={van}
          at={at}
          dragged={dragged}
          canEdit={canEdit}
          onOpen={onOpen}
          onDrag={setDragged}
          onDrop={(before) => drop(route.vanId, before)}
        />
      ))}
      {canEdit && (
        <button type="button" className="button" onClick={() => onOpen({ kind: 'new_van' })}>
          {t('night.add_van')}
        </button>
      )}
    </div>
  )
}

function VanSection({
  plan,
  route,
  van,
  at,
  dragged,
  canEdit,
  onOpen,
  onDrag,
  onDrop,
}: {
  readonly plan: PlanView
  readonly route: PlanRoute
  readonly van: number
  readonly at: Selection | null
  readonly dragged: Dragged | null
  readonly canEdit: boolean
  readonly onOpen: (at: Selection | null) => void
  readonly onDrag: (dragged: Dragged | null) => void
  readonly onDrop: (before: number) => void
}) {
  const { t, tag } = useText()
  const [over, setOver] = useState<number | null>(null)
  const isOpen = at?.kind === 'van' && at.vanId === route.vanId
  // a phone shows the stops of this van only
  const isChosen = (at?.kind === 'van' || at?.kind === 'stop') && at.vanId === route.vanId
  const dragOver = (before: number) => (event: DragEvent) => {
    if (dragged === null) return
    event.preventDefault()
    setOver(before)
  }
  const dropped = (before: number) => (event: DragEvent) => {
    event.preventDefault()
    setOver(null)
    onDrop(before)
  }
  return (
    <section className="van" data-chosen={isChosen} aria-labelledby={`van-${route.vanId}`}>
      <button
        type="button"
        className="van-head"
        aria-pressed={isOpen}
        onClick={() => onOpen(isOpen ? null : { kind: 'van', vanId: route.vanId })}
        onDragOver={dragOver(0)}
        onDrop={dropped(0)}
      >
        <VanBadge van={van} />
        <span className="van-name">
          <strong id={`van-${route.vanId}`}>{route.vanName}</strong> <VanLine van={van} />
          <span className="small soft number">
            {route.stops.length === 0
              ? t('night.stays_home')
              : `${formatClock(tag, route.shiftStartAt)}–${formatClock(tag, route.endsAt)} · ${kilometres(tag, route.distanceM)} · ${t('night.stops', { count: workStops(plan, route) })}`}
          </span>
        </span>
        <strong className="number">{signedRides(tag, route.value)}</strong>
      </button>
      <VanProgress route={route} />
      <ol className="stops">
        {route.stops.map((_stop, index) => (
          <StopRow
            // biome-ignore lint/suspicious/noArrayIndexKey: a stop is its place in the order; a van may come twice
            key={index}
            plan={plan}
            route={route}
            index={index}
            van={van}
            isOpen={at?.kind === 'stop' && at.vanId === route.vanId && at.stop === index}
            isMarked={over === index && dragged !== null}
            canDrag={canEdit && !isHomeward(plan, route, index)}
            onOpen={onOpen}
            onDragStart={() => onDrag({ vanId: route.vanId, stop: index })}
            onDragEnd={() => {
              onDrag(null)
              setOver(null)
            }}
            onDragOver={dragOver(index)}
            onDrop={dropped(index)}
          />
        ))}
      </ol>
    </section>
  )
}

/** Of a published route: who drives it and how far they are. */
function VanProgress({ route }: { readonly route: PlanRoute }) {
  const { t } = useText()
  const { progress } = route
  if (progress === null) return null
  const inVan = Math.max(0, progress.bikesLoaded - progress.bikesDelivered)
  return (
    <div className="van-progress small">
      <p className="row spread">
        <strong>{route.crewName ?? t('night.no_crew')}</strong>
        <span className="number">
          {t('night.stops_done', { done: progress.stopsDone, stops: progress.stops })} ·{' '}
          {t('night.in_van', { count: inVan })}
        </span>
      </p>
      <progress max={Math.max(1, progress.stops)} value={progress.stopsDone} aria-label={route.vanName} />
    </div>
  )
}
