import { useEffect, useState } from 'react'
import type { Me } from '../../contracts/http/riders.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { RefusalNotice, Waiting } from '../../ui-kit/notices.tsx'
import { NearAnother } from '../before/near-another.tsx'
import { DebtCard } from '../pay/debt-card.tsx'
import { Paying } from '../pay/paying.tsx'
import { forgetPaying, hasBegunPaying } from '../pay/paying-debt.ts'
import { SavedPromise } from '../pay/saved-promise.tsx'
import { useOpenPromise } from '../pay/use-open-promise.ts'
import { useWay } from '../pay/use-way.ts'
import { WaysToPay } from '../pay/ways-to-pay.tsx'
import { usePayAndUnlock } from './use-pay-and-unlock.ts'

interface Props {
  readonly bikeCode: string
  readonly number: string
  readonly urlCode: string
  readonly hold: string
  readonly me: Me
  /** The bike itself was refused: asks again what may be done with it. */
  readonly onLook?: () => void
}

/** One gesture: promise the money, then ask the lock. Whatever happens between is told. */
export function PayAndUnlock(props: Props) {
  const { t } = useText()
  // Perhaps it was taken before the rider was back.
  const [hasPaid, setHasPaid] = useState(() => props.me.standing === 'good' && hasBegunPaying())
  useEffect(() => {
    if (props.me.standing === 'good') forgetPaying()
  }, [props.me.standing])
  switch (props.me.standing) {
    case 'good':
      return (
        <>
          {hasPaid && (
            <p className="notice good" role="status">
              <strong>{t('debt.paid')}</strong>
            </p>
          )}
          <Gesture {...props} />
        </>
      )
    case 'in_debt':
      return <DebtCard returnPath={`/b/${props.urlCode}`} onPaid={() => setHasPaid(true)} />
    case 'blocked':
      return <RefusalNotice refused={{ code: 'rider_blocked' }} />
  }
}

function Gesture(props: Props) {
  const { t } = useText()
  const ways = useWay()
  const open = useOpenPromise()
  const { gesture, unlocking, refused, start, unlock, dismiss } = usePayAndUnlock(props, ways)
  const { kind } = gesture.step
  const lookAgain = open.again
  useEffect(() => {
    if (kind === 'done') lookAgain()
  }, [kind, lookAgain])
  const { onLook } = props
  const isOfBike = refused?.code.startsWith('bike_') === true
  useEffect(() => {
    if (isOfBike) onLook?.()
  }, [isOfBike, onLook])
  if (unlocking) return <Waiting text={t('pay.unlocking')} />
  const giveBack = () => {
    gesture.reset()
    open.giveBack()
  }
  if (refused !== null) {
    return (
      <>
        <RefusalNotice refused={refused} onAgain={isOfBike ? dismiss : start} />
        <SavedPromise open={{ ...open, giveBack }} />
        {isOfBike && <NearAnother exceptNumber={props.number} />}
      </>
    )
  }
  if (open.promise !== null && (kind === 'idle' || kind === 'done')) {
    const { promiseId } = open.promise
    return (
      <div className="stack action">
        <SavedPromise open={{ ...open, giveBack }} />
        <button type="button" className="button main wide" onClick={() => unlock(promiseId)}>
          {t('pay.button_promised')}
        </button>
        <p className="small soft centre">{t('pay.not_taken')}</p>
      </div>
    )
  }
  if (kind !== 'idle') return <Paying gesture={gesture} ways={ways} />
  return (
    <div className="stack action">
      <SavedPromise open={open} />
      {ways.refused !== null && <RefusalNotice refused={ways.refused} onAgain={ways.again} />}
      {ways.ways?.length === 0 && <RefusalNotice refused={{ code: 'payment_unavailable' }} />}
      {ways.ways?.length !== 0 && (
        <>
          <button type="button" className="button main wide" onClick={start} disabled={ways.chosen === null}>
            {t('pay.button', { hold: props.hold })}
          </button>
          <WaysToPay ways={ways} />
        </>
      )}
      <p className="small soft centre">{t('pay.not_taken')}</p>
    </div>
  )
}
