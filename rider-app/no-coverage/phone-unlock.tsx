import type { TripView } from '../../contracts/http/trips.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { useRider } from '../rider-state.ts'
import { openByGrant, type TalkStep } from './lock-talk.ts'
import { TalkNotice } from './talk-notice.tsx'
import { usePhoneLock } from './use-phone-lock.ts'

const steps = ['find', 'ask', 'open', 'tell'] as const

/** The lock does not hear us, but the phone stands beside it: it carries the key over. */
export function PhoneUnlock({ trip, look }: { readonly trip: TripView; readonly look?: () => void }) {
  const { t } = useText()
  const { api } = useRider()
  const { radio, step, end, run } = usePhoneLock(trip.bikeNumber)
  const open = () =>
    run(async (onStep) => {
      const ended = await openByGrant(api, radio, trip.tripId, onStep)
      look?.()
      return ended
    })
  return (
    <section className="card stack" aria-labelledby="phone-title">
      <h2 id="phone-title">{t('phone.offer')}</h2>
      {radio.isHere ? <p>{t('phone.offer_text')}</p> : <p className="notice warn">{t('phone.no.radio')}</p>}
      {step !== null && <Progress now={step} />}
      <div aria-live="polite">{end?.kind === 'done' && <p className="notice good">{t('phone.done')}</p>}</div>
      <TalkNotice end={end} />
      {radio.isHere && end?.kind !== 'done' && (
        <button type="button" className="button main wide" disabled={step !== null} onClick={open}>
          {t(end === null ? 'phone.open' : 'phone.again')}
        </button>
      )}
      {radio.isDemo && <p className="small soft">{t('phone.demo')}</p>}
    </section>
  )
}

function Progress({ now }: { readonly now: TalkStep }) {
  const { t } = useText()
  const at = steps.indexOf(now)
  const mark = (place: number) => (place < at ? 'done' : place === at ? 'now' : 'later')
  return (
    <ol className="steps">
      {steps.map((name, place) => (
        <li key={name} data-mark={mark(place)} aria-current={place === at ? 'step' : undefined}>
          <span className="mark" aria-hidden="true">
            {place < at ? '✓' : ''}
          </span>
          <span>
            {t(`phone.step.${name}`)} <span className="visually-hidden">{t(`unlock.mark.${mark(place)}`)}</span>
          </span>
        </li>
      ))}
    </ol>
  )
}
