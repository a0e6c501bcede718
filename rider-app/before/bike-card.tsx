import './before.css'
import { useEffect, useRef } from 'react'
import type { BikeNear, Terms } from '../../contracts/http/bikes.ts'
import { useAnswer } from '../../ui-kit/api/use-answer.ts'
import { BatteryMark } from '../../ui-kit/battery-mark.tsx'
import { formatDistance, walkMinutes } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { RefusalNotice, Waiting } from '../../ui-kit/notices.tsx'
import { TermsSentence } from '../bike/terms-sentence.tsx'
import { LogInForm } from '../log-in/log-in-form.tsx'
import { useRider } from '../rider-state.ts'
import { ReserveRefused } from './reserve-refused.tsx'
import { useReserve } from './use-reserve.ts'

/** One free bike from the map or the list, before anything is promised: how far, what it costs, and keeping it. */
export function BikeCard({
  bike,
  isGone,
  isFromHere,
  onClose,
  onReserved,
}: {
  readonly bike: BikeNear
  /** It was free a moment ago. */
  readonly isGone: boolean
  /** The distance is the phone's own; else it is the middle of the map's. */
  readonly isFromHere: boolean
  readonly onClose: () => void
  readonly onReserved: () => void
}) {
  const { t, tag } = useText()
  const heading = useRef<HTMLHeadingElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: another bike is another card
  useEffect(() => heading.current?.focus(), [bike.publicId])
  return (
    <section className="stack bike-detail" aria-labelledby="bike-detail">
      <div className="row spread">
        <h1 id="bike-detail" ref={heading} tabIndex={-1}>
          {t('home.walk', { count: walkMinutes(bike.distanceM) })}
        </h1>
        <button type="button" className="button quiet" onClick={onClose}>
          {t('before.close')}
        </button>
      </div>
      <p className="row facts">
        <span className="badge">{bike.model}</span>
        <BatteryMark percent={bike.batteryPercent} />
        <span className="small soft">
          {t(isFromHere ? 'before.from_you' : 'before.from_middle', { way: formatDistance(tag, bike.distanceM) })}
        </span>
      </p>
      {isGone ? (
        <p className="notice warn" role="alert">
          {t('before.taken')}
        </p>
      ) : (
        <Keep publicId={bike.publicId} onReserved={onReserved} />
      )}
      <p className="small">{t('before.or_walk')}</p>
      <BikeTerms />
    </section>
  )
}

function Keep({ publicId, onReserved }: { readonly publicId: string; readonly onReserved: () => void }) {
  const { t } = useText()
  const { me } = useRider()
  const { step, start, loggedIn, leave } = useReserve(publicId, onReserved)
  if (me?.activeTripId != null) return null
  switch (step.kind) {
    case 'idle':
      return me?.reservation?.state === 'open' ? (
        <p className="notice">{t('before.already_kept')}</p>
      ) : (
        <div className="stack">
          <button type="button" className="button main wide" onClick={start}>
            {t('before.reserve')}
          </button>
          <p className="small soft centre">{t('before.costs_nothing')}</p>
        </div>
      )
    case 'log_in':
      return <LogInForm reason={t('before.login_to_reserve')} onDone={loggedIn} />
    case 'asking':
      return <Waiting text={t('before.reserving')} />
    case 'refused':
      return <ReserveRefused refused={step.refused} onAgain={leave} />
  }
}

/** The price and the rules, the same for every bike. */
function BikeTerms() {
  const { t } = useText()
  const { api } = useRider()
  const terms = useAnswer<Terms>('terms', () => api.get('/v1/terms'))
  if (terms.value !== null) return <TermsSentence terms={terms.value} />
  return terms.refused === null ? (
    <Waiting text={t('app.loading')} />
  ) : (
    <RefusalNotice refused={terms.refused} onAgain={terms.again} />
  )
}
