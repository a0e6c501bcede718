import './pay.css'
import { useEffect, useRef, useState } from 'react'
import type { PromiseView } from '../../contracts/http/payments.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { RefusalNotice, Waiting } from '../../ui-kit/notices.tsx'
import { QrPicture } from '../qr-picture.tsx'
import type { PayGesture, PayStep } from './use-promise.ts'
import type { Ways } from './use-way.ts'
import { WayList, WaysToPay } from './ways-to-pay.tsx'

interface PayingProps {
  readonly gesture: PayGesture
  readonly ways: Ways
}

/** What happens between "pay" and the money being there, and every way in which it may not be. Idle shows nothing. */
export function Paying({ gesture, ways }: PayingProps) {
  const { t } = useText()
  const { step } = gesture
  switch (step.kind) {
    case 'idle':
      return null
    case 'promising':
      return <Waiting text={t('pay.promising')} />
    case 'leaving':
      return <Waiting text={t('pay.leaving')} />
    case 'cancelling':
      return <Waiting text={t('pay.cancelling')} />
    case 'pending':
      return <Pending step={step} gesture={gesture} ways={ways} />
    case 'over':
      return <Over reason={step.reason} gesture={gesture} ways={ways} />
    case 'refused':
      return <RefusalNotice refused={step.refused} onAgain={gesture.reset} />
    case 'done':
      return <Waiting text={t('pay.done')} />
  }
}

function Pending({ step, gesture, ways }: PayingProps & { readonly step: Extract<PayStep, { kind: 'pending' }> }) {
  const { t } = useText()
  const [choosing, setChoosing] = useState(false)
  const { promise, trouble, back } = step
  const card = useRef<HTMLElement>(null)
  // What was asked for may be below the fold.
  useEffect(() => {
    card.current?.scrollIntoView({ block: 'nearest' })
  }, [])
  const isAsked = promise.next.kind !== 'none'
  return (
    <section ref={card} className="card stack paying" aria-label={t('pay.title')}>
      {trouble !== null && (
        <div className="notice warn" role="status">
          <p>
            <strong>{t(`pay.trouble.${trouble}`)}</strong>
          </p>
          <p>{t(`pay.trouble.${trouble}_hint`)}</p>
        </div>
      )}
      {trouble === null && <Question promise={promise} back={back} />}
      <div className="choices">
        {isAsked && promise.next.kind !== 'qr' && <GoToQuestion next={promise.next} main={trouble === null} />}
        {choosing ? (
          <WayList
            ways={ways}
            onChoose={(way) => {
              ways.choose(way)
              setChoosing(false)
              gesture.start(way)
            }}
          />
        ) : (
          isAsked &&
          (ways.ways?.length ?? 0) > 1 && (
            <button type="button" className="button" onClick={() => setChoosing(true)}>
              {t('pay.another_way')}
            </button>
          )
        )}
        {promise.state === 'hold_pending' && (
          <button type="button" className="button quiet" onClick={gesture.cancel}>
            {t('pay.cancel')}
          </button>
        )}
      </div>
      <p className="small soft centre">{t(promise.purpose === 'debt' ? 'pay.once' : 'pay.not_taken')}</p>
    </section>
  )
}

function Question({ promise, back }: { readonly promise: PromiseView; readonly back: boolean }) {
  const { t } = useText()
  const { next } = promise
  if (promise.state === 'capture_pending') return <Waiting text={t('pay.taking')} />
  if (next.kind === 'qr') {
    return (
      <>
        <h2 className="centre">{t('pay.scan_to_pay')}</h2>
        <QrPicture content={next.content} label={t('pay.scan_to_pay')} />
        <Waiting text={t('pay.waiting')} />
      </>
    )
  }
  return (
    <>
      <Waiting text={t('pay.waiting')} />
      {next.kind === 'app' && <p>{t('pay.in_app')}</p>}
      {back && next.kind === 'redirect' && <p>{t('pay.not_answered')}</p>}
    </>
  )
}

function GoToQuestion({ next, main }: Pick<PromiseView, 'next'> & { readonly main: boolean }) {
  const { t } = useText()
  if (next.kind === 'redirect') {
    return (
      <a className={main ? 'button main' : 'button'} href={next.url}>
        {t('pay.to_page')}
      </a>
    )
  }
  if (next.kind !== 'app') return null
  return (
    <>
      <a className={main ? 'button main' : 'button'} href={next.url}>
        {t('pay.to_app')}
      </a>
      <a className="button" href={next.fallbackUrl}>
        {t('pay.no_app')}
      </a>
    </>
  )
}

/** An end without money: which one, that nothing was taken, and what to do next. */
function Over({ reason, gesture, ways }: PayingProps & { readonly reason: 'declined' | 'cancelled' | 'expired' }) {
  const { t } = useText()
  const heading = useRef<HTMLParagraphElement>(null)
  const place = useRef<HTMLElement>(null)
  useEffect(() => {
    heading.current?.focus({ preventScroll: true })
    place.current?.scrollIntoView({ block: 'nearest' })
  }, [])
  return (
    <section ref={place} className="stack paying">
      <div className={reason === 'cancelled' ? 'notice' : 'notice warn'} role="alert">
        <p ref={heading} tabIndex={-1}>
          <strong>{t(`pay.over.${reason}`)}</strong>
        </p>
        <p>{t(`pay.over.${reason}_hint`)}</p>
      </div>
      <WaysToPay ways={ways} />
      <button
        type="button"
        className="button main wide"
        disabled={ways.chosen === null}
        onClick={() => ways.chosen !== null && gesture.start(ways.chosen)}
      >
        {t('pay.try_again')}
      </button>
    </section>
  )
}
