import { useState } from 'react'
import type { TripView } from '../../contracts/http/trips.ts'
import { formatClock } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { useSince } from './use-since.ts'
import type { TripActs } from './use-trip-act.ts'

const steps = ['spoke', 'push', 'wait', 'say'] as const
type HelpStep = (typeof steps)[number]
/** A lock in a bad spot needs about so long to be heard. */
const waitMs = 10_000

/**
 * The lock will not close, or closed without the ride ending: what to try, one thing at a time, then say so and be
 * billed no further than the lock's last try.
 */
export function LockHelp({ trip, acts }: { readonly trip: TripView; readonly acts: TripActs }) {
  const { t, tag } = useText()
  const [step, setStep] = useState<HelpStep>('spoke')
  const place = steps.indexOf(step)
  const jammedAt = trip.closingFailedAt
  return (
    <section className="card stack lock-help" aria-label={t('lock_help.button')}>
      <p className="small soft" aria-live="polite">
        {t('lock_help.step', { step: place + 1, of: steps.length })}
      </p>
      {jammedAt !== null && (
        <p className="notice warn">{t('lock_help.jammed', { time: formatClock(tag, jammedAt) })}</p>
      )}
      {step === 'spoke' && <p>{t('lock_help.try_1')}</p>}
      {step === 'push' && <p>{t('lock_help.try_2')}</p>}
      {step === 'wait' && <WaitForLock onOver={() => setStep('say')} />}
      {step === 'say' && (
        <div className="stack choices">
          <button
            type="button"
            className="button main wide"
            disabled={acts.busy}
            onClick={() => acts.act('end', { reason: 'lock_will_not_close' })}
          >
            {t('lock_help.will_not_close')}
          </button>
          <button
            type="button"
            className="button wide"
            disabled={acts.busy}
            onClick={() => acts.act('end', { reason: 'lock_closed_but_ride_goes_on' })}
          >
            {t('lock_help.goes_on')}
          </button>
          <p className="small soft">{t('lock_help.promise')}</p>
        </div>
      )}
      <div className="row spread">
        {place > 0 ? (
          <button type="button" className="button quiet" onClick={() => setStep(steps[place - 1] ?? 'spoke')}>
            {t('lock_help.back')}
          </button>
        ) : (
          <span />
        )}
        {step !== 'say' && (
          <button type="button" className="button" onClick={() => setStep(steps[place + 1] ?? 'say')}>
            {t(step === 'wait' ? 'lock_help.still' : 'lock_help.still_open')}
          </button>
        )}
      </div>
    </section>
  )
}

function WaitForLock({ onOver }: { readonly onOver: () => void }) {
  const { t } = useText()
  const leftS = Math.max(0, Math.ceil((waitMs - useSince('wait')) / 1_000))
  return (
    <>
      <p>{t('lock_help.try_3')}</p>
      <p className="row" aria-hidden="true">
        <progress max={waitMs / 1_000} value={waitMs / 1_000 - leftS} />
        <span className="number small soft">{leftS} s</span>
      </p>
      {leftS === 0 && (
        <button type="button" className="button main" onClick={onOver}>
          {t('lock_help.waited')}
        </button>
      )}
    </>
  )
}
