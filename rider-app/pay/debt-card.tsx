import './pay.css'
import { useEffect, useRef, useState } from 'react'
import { Link } from 'wouter'
import type { Debts, PromiseView } from '../../contracts/http/payments.ts'
import { gestureDone, gestureKey } from '../../ui-kit/api/gesture-key.ts'
import { useAnswer } from '../../ui-kit/api/use-answer.ts'
import { formatMoney } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { RefusalNotice, Waiting } from '../../ui-kit/notices.tsx'
import { useRider } from '../rider-state.ts'
import { Paying } from './paying.tsx'
import { forgetPaying, hasBegunPaying, promiseBegunFor, rememberPaying } from './paying-debt.ts'
import { isNoAnswer, usePromise } from './use-promise.ts'
import { useWay, type Way } from './use-way.ts'
import { WaysToPay } from './ways-to-pay.tsx'

type Debt = Debts['debts'][number]

/**
 * What is owed for earlier rides, oldest first, and the way to pay it; nothing when nothing is owed.
 * @param returnPath where the payer's page leads back to: the path of the page that this card is on
 */
export function DebtCard({ returnPath, onPaid }: { readonly returnPath: string; readonly onPaid?: () => void }) {
  const { t } = useText()
  const { api, me, reloadMe } = useRider()
  const debts = useAnswer<Debts>('debts', () => api.get('/v1/debts'))
  const [isPaid, setPaid] = useState(false)
  const paid = () => {
    forgetPaying()
    setPaid(true)
    debts.again()
    reloadMe()
    onPaid?.()
  }
  // It was taken while the rider was on the way back, between two questions of this page.
  const isPaidMeanwhile = debts.value?.debts.length === 0 && (me?.standing === 'in_debt' || hasBegunPaying())
  const latestPaid = useRef(paid)
  latestPaid.current = paid
  useEffect(() => {
    if (isPaidMeanwhile && !isPaid) latestPaid.current()
  }, [isPaidMeanwhile, isPaid])
  if (debts.loading) return <Waiting text={t('debt.loading')} />
  if (debts.value === null)
    return <RefusalNotice refused={debts.refused ?? { code: 'unreachable' }} onAgain={debts.again} />
  const [first] = debts.value.debts
  return (
    <>
      {isPaid && (
        <p className="notice good" role="status">
          <strong>{t('debt.paid')}</strong>
        </p>
      )}
      {first !== undefined && (
        <OneDebt
          key={first.tripId}
          debt={first}
          more={debts.value.debts.length - 1}
          {...{ returnPath, onPaid: paid }}
        />
      )}
    </>
  )
}

function OneDebt({
  debt,
  more,
  returnPath,
  onPaid,
}: {
  readonly debt: Debt
  readonly more: number
  readonly returnPath: string
  readonly onPaid: () => void
}) {
  const { t, tag } = useText()
  const { api } = useRider()
  const ways = useWay()
  const amount = formatMoney(tag, debt.amount.amount, debt.amount.currency)
  const ask = async ({ provider, way }: Way) => {
    const gesture = `debt:${debt.tripId}:${way}`
    const answer = await api.send<PromiseView>(`/v1/debts/${debt.tripId}/promises`, {
      method: 'POST',
      body: { provider, way, ...(way === 'qr' ? {} : { returnPath }) },
      gestureKey: gestureKey(gesture),
    })
    if (!isNoAnswer(answer)) gestureDone(gesture)
    if (answer.kind === 'ok') rememberPaying(debt.tripId, answer.value.promiseId)
    // It was paid meanwhile: on another device, or by the old collection.
    if (answer.kind === 'refused' && answer.code === 'no_debt') onPaid()
    return answer
  }
  const gesture = usePromise({
    ask,
    isDone: ({ state }) => state === 'captured' || state === 'refund_pending' || state === 'refunded',
    onDone: onPaid,
  })
  const { resume } = gesture
  const begun = useRef(false)
  useEffect(() => {
    const tried = promiseBegunFor(debt.tripId)
    if (begun.current || tried === null) return
    begun.current = true
    resume(tried, true)
  }, [debt.tripId, resume])
  const { kind } = gesture.step
  useEffect(() => {
    if (kind === 'over' || kind === 'done') forgetPaying()
  }, [kind])
  return (
    <section className="card stack" aria-labelledby="debt-title">
      <h2 id="debt-title">{t('debt.title', { amount })}</h2>
      <p>{t('debt.why')}</p>
      <p>
        <Link href={`/trip/${debt.tripId}`}>{t('debt.see_ride')}</Link>
        {more > 0 && <span className="soft"> · {t('debt.more', { count: more })}</span>}
      </p>
      <Paying gesture={gesture} ways={ways} />
      {gesture.step.kind === 'idle' && (
        <>
          <WaysToPay ways={ways} />
          <button
            type="button"
            className="button main wide"
            disabled={ways.chosen === null}
            onClick={() => ways.chosen !== null && gesture.start(ways.chosen)}
          >
            {t('debt.pay', { amount })}
          </button>
        </>
      )}
    </section>
  )
}
