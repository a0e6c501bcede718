import { type DragEvent, useEffect, useRef } from 'react'
import type { PlanRoute, PlanStop, PlanView } from '../../contracts/http/nights.ts'
import { formatClock } from '../../ui-kit/formats.ts'
import { type Translate, useText } from '../../ui-kit/i18n/text.ts'
import { signedRides } from './formats.ts'
import type { Selection } from './night-address.ts'
import { isHomeward, placeOf, stopLabels } from './stop-label.ts'
import { VanBadge } from './van-badge.tsx'

/** One stop: when, where, what is taken and given, how full the van is then, and what it wins. */
export function StopRow({
  plan,
  route,
  index,
  van,
  isOpen,
  isMarked,
  canDrag,
  onOpen,
  onDragStart,
  onDragEnd,
  onDragOver,
  onDrop,
}: {
  readonly plan: PlanView
  readonly route: PlanRoute
  readonly index: number
  readonly van: number
  readonly isOpen: boolean
  readonly isMarked: boolean
  readonly canDrag: boolean
  readonly onOpen: (at: Selection | null) => void
  readonly onDragStart: () => void
  readonly onDragEnd: () => void
  readonly onDragOver: (event: DragEvent) => void
  readonly onDrop: (event: DragEvent) => void
}) {
  const { t, tag } = useText()
  const row = useRef<HTMLLIElement>(null)
  useEffect(() => {
    if (isOpen) void row.current?.scrollIntoView({ block: 'nearest' })
  }, [isOpen])
  const stop = route.stops[index] as PlanStop
  const isDone = route.progress !== null && index < route.progress.stopsDone
  return (
    <li
      ref={row}
      className="stop"
      data-open={isOpen}
      data-done={isDone}
      data-drop={isMarked}
      draggable={canDrag}
      onDragStart={(event) => {
        event.dataTransfer.effectAllowed = 'move'
        event.dataTransfer.setData('text/plain', placeOf(plan, stop)?.name ?? '')
        onDragStart()
      }}
      onDragEnd={onDragEnd}
      onDragOver={onDragOver}
      onDrop={onDrop}
    >
      <button
        type="button"
        aria-pressed={isOpen}
        onClick={() => onOpen(isOpen ? null : { kind: 'stop', vanId: route.vanId, stop: index })}
      >
        <VanBadge van={van}>{stopLabels(plan, route)[index]}</VanBadge>
        <span className="number stop-time">{formatClock(tag, stop.arriveAt)}</span>
        <span className="stop-what">
          <span className="stop-name">
            {placeOf(plan, stop)?.name}
            {stop.isLocked && (
              <span className="lock" role="img" aria-label={t('night.locked')} title={t('night.locked')}>
                {' '}
                ⚿
              </span>
            )}
            {isDone && <span className="small soft"> · {t('night.done')}</span>}
          </span>
          <span className="small soft number">{workOf(t, stop)}</span>
        </span>
        <LoadBar stop={stop} capacity={route.capacity} />
        <span className="number stop-value">{isHomeward(plan, route, index) ? '' : signedRides(tag, stop.value)}</span>
      </button>
    </li>
  )
}

/** "take 3, bring 2, 1 for the workshop". */
export function workOf(t: Translate, stop: PlanStop): string {
  const parts = [
    stop.take > 0 ? t('night.take', { count: stop.take }) : null,
    stop.give > 0 ? t('night.give', { count: stop.give }) : null,
    stop.takeBroken > 0 ? t('night.take_broken', { count: stop.takeBroken }) : null,
    stop.giveBroken > 0 ? t('night.give_broken', { count: stop.giveBroken }) : null,
  ].filter((part) => part !== null)
  return parts.length === 0 ? t('night.only_passes') : parts.join(', ')
}

function LoadBar({ stop, capacity }: { readonly stop: PlanStop; readonly capacity: number }) {
  const { t } = useText()
  const load = stop.loadAfter + stop.brokenAfter
  const share = (bikes: number) => `${(bikes / Math.max(1, capacity)) * 100}%`
  const label = t('night.load', { load, capacity })
  return (
    <span className="load" role="img" aria-label={label} title={label}>
      <span style={{ width: share(stop.loadAfter) }} />
      <span className="broken" style={{ width: share(stop.brokenAfter) }} />
      <span className="load-number number" aria-hidden="true">
        {load}
      </span>
    </span>
  )
}
