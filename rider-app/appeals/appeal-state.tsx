import './appeals.css'
import { useState } from 'react'
import type { AppealView } from '../../contracts/http/appeals.ts'
import type { Refused } from '../../ui-kit/api/api-client.ts'
import { formatClock, formatDay, formatMoney } from '../../ui-kit/formats.ts'
import { type TextKey, useText } from '../../ui-kit/i18n/text.ts'
import { RefusalNotice } from '../../ui-kit/notices.tsx'
import { useRider } from '../rider-state.ts'

/** An appeal in words: how far it is, until when, our answer, and where the money is. */
export function AppealState({
  appeal,
  onChanged,
}: {
  readonly appeal: AppealView
  readonly onChanged?: (() => void) | undefined
}) {
  const { t, tag } = useText()
  const { about, state, text, answer, photoIds, createdAt } = appeal
  const at = (ms: number) => `${formatDay(tag, ms)}, ${formatClock(tag, ms)}`
  return (
    <>
      <div>
        <p className="small soft">{t(`appeals.about.${about}`)}</p>
        <h2 data-appeal={state}>
          <span aria-hidden="true">{marks[state]}</span> {t(`appeals.state.${state}`)}
        </h2>
      </div>
      <Outcome appeal={appeal} />
      {answer !== null && (
        <figure className="appeal-answer">
          <figcaption className="small soft">{t('appeals.answer')}</figcaption>
          <blockquote>{answer}</blockquote>
        </figure>
      )}
      {(text !== '' || photoIds.length > 0) && (
        <details className="small">
          <summary>
            {t('appeals.you_said')} · {t('appeals.made_at', { time: at(createdAt) })}
          </summary>
          <p className="appeal-words">{text}</p>
          {photoIds.length > 0 && (
            <ul className="appeal-photos">
              {photoIds.map((photoId, index) => (
                <li key={photoId}>
                  <img src={`/v1/photos/${photoId}`} alt={t('appeals.photo_n', { n: index + 1 })} loading="lazy" />
                </li>
              ))}
            </ul>
          )}
        </details>
      )}
      {state === 'open' && <Withdraw appealId={appeal.appealId} onChanged={onChanged} />}
    </>
  )
}

const marks = { open: '…', accepted: '✓', partly: '½', denied: '✕', withdrawn: '↩' } as const

/** One true sentence about now. */
function Outcome({ appeal }: { readonly appeal: AppealView }) {
  const { t, tag } = useText()
  const { state, decideBy, disputedMinor, refundMinor, currency, bySystem } = appeal
  const money = (amount: number) => formatMoney(tag, amount, currency)
  if (state === 'open') {
    const time = `${formatDay(tag, decideBy)}, ${formatClock(tag, decideBy)}`
    return (
      <p className="notice" role="status">
        {t(disputedMinor > 0 ? 'appeals.open_by' : 'appeals.open_by_held', { time, amount: money(disputedMinor) })}
      </p>
    )
  }
  if (state === 'denied' || state === 'withdrawn') return null
  return (
    <p className="notice good" role="status">
      <span>
        {bySystem && `${t('appeals.by_system')} `}
        {t(whereMoneyIs(appeal), { amount: money(refundMinor) })}
        {state === 'partly' && ` ${t('appeals.of', { amount: money(disputedMinor) })}`}
      </span>
    </p>
  )
}

function whereMoneyIs({ refundMinor, refundedMinor, owes }: AppealView): TextKey {
  if (refundMinor === 0) return 'appeals.no_back'
  if (owes) return 'appeals.back_debt'
  return refundedMinor >= refundMinor ? 'appeals.back_arrived' : 'appeals.back_coming'
}

function Withdraw({
  appealId,
  onChanged,
}: {
  readonly appealId: string
  readonly onChanged?: (() => void) | undefined
}) {
  const { t } = useText()
  const { api } = useRider()
  const [isSure, setSure] = useState(false)
  const [busy, setBusy] = useState(false)
  const [refused, setRefused] = useState<Refused | null>(null)
  const withdraw = async () => {
    if (busy) return
    setBusy(true)
    const answer = await api.send<unknown>(`/v1/appeals/${appealId}/withdraw`, { method: 'POST' })
    setBusy(false)
    setRefused(answer.kind === 'refused' ? answer : null)
    if (answer.kind === 'ok' || answer.code === 'appeal_decided') onChanged?.()
  }
  return (
    <>
      {!isSure && (
        <button type="button" className="button quiet appeal-make" onClick={() => setSure(true)}>
          {t('appeals.withdraw')}
        </button>
      )}
      {isSure && (
        <div className="notice warn">
          <p>{t('appeals.withdraw_sure')}</p>
          <div className="row appeal-row">
            <button type="button" className="button" disabled={busy} onClick={() => void withdraw()}>
              {t('appeals.withdraw_yes')}
            </button>
            <button type="button" className="button quiet" onClick={() => setSure(false)}>
              {t('appeals.keep')}
            </button>
          </div>
        </div>
      )}
      {refused !== null && <RefusalNotice refused={refused} />}
    </>
  )
}
