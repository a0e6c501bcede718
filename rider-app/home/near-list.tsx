import './home.css'
import { useEffect, useRef } from 'react'
import type { BikeNear, Terms } from '../../contracts/http/bikes.ts'
import { useAnswer } from '../../ui-kit/api/use-answer.ts'
import { BatteryMark } from '../../ui-kit/battery-mark.tsx'
import { formatDistance, formatMoney, walkMinutes } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { RefusalNotice, Waiting } from '../../ui-kit/notices.tsx'
import { useRider } from '../rider-state.ts'
import type { NearBikes } from './use-near-bikes.ts'
import type { WhereAmI } from './use-where-am-i.ts'

const mostShown = 12

/** The same bikes as on the map, for fingers, keyboards and screen readers. */
export function NearList({
  near,
  isLost,
  returnTo,
  onChoose,
  where,
}: {
  readonly near: NearBikes
  /** The one that was looked at is not free any more. */
  readonly isLost: boolean
  /** Whose card was closed a moment ago: the eye and the keyboard go on there. */
  readonly returnTo: string | null
  readonly onChoose: (bike: BikeNear | null) => void
  readonly where: WhereAmI
}) {
  const { t } = useText()
  const list = useRef<HTMLUListElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when the list comes back
  useEffect(() => {
    if (returnTo === null || history.state !== null) return
    list.current?.querySelector<HTMLElement>(`[data-bike="${CSS.escape(returnTo)}"]`)?.focus()
  }, [])
  return (
    <section className="stack" aria-labelledby="near-title">
      <div className="row spread">
        <h2 id="near-title">{t(`home.near_${where.around}`)}</h2>
        <button type="button" className="button quiet locate" onClick={where.ask} disabled={where.status === 'asking'}>
          {t('home.locate')}
        </button>
      </div>
      <Price />
      {isLost && (
        <p className="notice warn" role="status">
          {t('home.lost')}
        </p>
      )}
      {where.status === 'refused' && <p className="small soft">{t('home.position_refused')}</p>}
      {where.status === 'unknown' && <p className="small soft">{t('home.position_unknown')}</p>}
      {where.status === 'far' && <p className="small soft">{t('home.position_far')}</p>}
      {near.refused !== null && <RefusalNotice refused={near.refused} onAgain={near.again} />}
      {near.loading && near.bikes.length === 0 && <Waiting text={t('home.looking')} />}
      {!near.loading && near.refused === null && near.bikes.length === 0 && (
        <p className="notice" role="status">
          {t('home.none')}
        </p>
      )}
      <p className="visually-hidden" role="status">
        {near.loading ? '' : t('home.count', { count: near.bikes.length })}
      </p>
      <ul className="bikes" ref={list}>
        {near.bikes.slice(0, mostShown).map((bike) => (
          <NearItem key={bike.publicId} bike={bike} onChoose={onChoose} />
        ))}
      </ul>
    </section>
  )
}

function NearItem({ bike, onChoose }: { readonly bike: BikeNear; readonly onChoose: (bike: BikeNear | null) => void }) {
  const { t, tag } = useText()
  return (
    <li>
      <button type="button" className="bike" data-bike={bike.publicId} onClick={() => onChoose(bike)}>
        <span className="walk number">
          <strong>{t('home.walk', { count: walkMinutes(bike.distanceM) })}</strong>
          <span className="small soft">{formatDistance(tag, bike.distanceM)}</span>
        </span>
        <span className="small soft model">{bike.model}</span>
        <BatteryMark percent={bike.batteryPercent} />
      </button>
    </li>
  )
}

/** The same for every bike of the list. */
function Price() {
  const { t, tag } = useText()
  const { api } = useRider()
  const { value } = useAnswer<Terms>('terms', () => api.get('/v1/terms'))
  if (value === null) return null
  const money = (amount: number) => formatMoney(tag, amount, value.currency)
  return (
    <p className="small soft">{t('home.price', { unlock: money(value.unlockFee), minute: money(value.perMinute) })}</p>
  )
}
