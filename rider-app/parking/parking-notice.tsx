import type { BetterPlace, ParkingAdvice } from '../../contracts/http/parking.ts'
import { useAnswer } from '../../ui-kit/api/use-answer.ts'
import { formatDistance, formatMoney } from '../../ui-kit/formats.ts'
import { type Translate, useText } from '../../ui-kit/i18n/text.ts'
import { useRider } from '../rider-state.ts'
import { useFresh } from './use-fresh.ts'
import './parking.css'

/** A lock on its way says where it is every 15 s: asking more often would tell nothing new. */
const lookEveryMs = 8_000
/** A bike rides on: what held so long ago was said of another place. */
const longestTrueMs = 30_000

/** What closing the lock here would mean, while the ride runs; looked at only while the page is seen. */
export function ParkingNotice({ tripId }: { readonly tripId: string }) {
  const { t, tag } = useText()
  const { api } = useRider()
  const path = `/v1/trips/${tripId}/parking`
  const { value, refused } = useAnswer<ParkingAdvice>(path, () => api.get(path), lookEveryMs)
  const fresh = useFresh(value, longestTrueMs)
  const advice = refused === null ? fresh : null
  const isLooking = value === null && refused === null
  const said = advice === null ? null : sentenceOf(advice, t, (minor) => formatMoney(tag, minor, advice.currency))
  const isWrong = advice !== null && advice.feeMinor > 0
  return (
    <section className="card parking-now" aria-labelledby="parking-now-title" data-verdict={advice?.verdict}>
      <span className="parking-sign" data-wrong={isWrong || undefined} aria-hidden="true">
        P
      </span>
      <div>
        <h2 id="parking-now-title" className="small soft">
          {t('parking.now.title')}
        </h2>
        {/* The sentence alone is announced, and only when it changes: distances change with every look. */}
        <p role="status" className={isWrong ? 'wrong' : undefined}>
          {said ?? t(isLooking ? 'parking.now.looking' : 'parking.now.cannot_look')}
        </p>
        {advice?.better != null && (
          <p className="small">
            <BetterPlaceWords better={advice.better} currency={advice.currency} />
          </p>
        )}
        {isWrong && <p className="small soft">{t('parking.now.rule')}</p>}
      </div>
    </section>
  )
}

/** Where it would cost less, and how far that is. */
export function BetterPlaceWords({ better, currency }: { readonly better: BetterPlace; readonly currency: string }) {
  const { t, tag } = useText()
  const { kind, name, rewardMinor } = better
  const distance = formatDistance(tag, better.distanceM)
  if (kind === 'allowed' || name === null) return t('parking.better.allowed', { distance })
  if (rewardMinor === 0) return t('parking.better.hotspot', { name, distance })
  return t('parking.better.reward', { name, distance, reward: formatMoney(tag, rewardMinor, currency) })
}

function sentenceOf({ verdict, zoneName, feeMinor, rewardMinor }: ParkingAdvice, t: Translate, money: Money): string {
  const zone = zoneName ?? ''
  switch (verdict) {
    case 'fine':
      return t('parking.now.fine')
    case 'hotspot':
      return rewardMinor > 0
        ? t('parking.now.hotspot_reward', { zone, reward: money(rewardMinor) })
        : t('parking.now.hotspot', { zone })
    case 'outside_area':
      return t('parking.now.outside_area', { fee: money(feeMinor) })
    case 'no_parking':
      return t('parking.now.no_parking', { zone, fee: money(feeMinor) })
    case 'not_known':
      return zoneName === null ? t('parking.now.not_known') : t('parking.now.edge', { zone })
  }
}
type Money = (minor: number) => string
