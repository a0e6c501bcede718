import { useId, useState } from 'react'
import type { AppealDecision, StaffAppeal } from '../../contracts/http/appeals.ts'
import type { Refused } from '../../ui-kit/api/api-client.ts'
import { formatMoney } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { ReasonDialog } from '../frame/reason-dialog.tsx'
import { mayI, useMe } from '../frame/use-me.ts'
import { opsApi } from '../ops-api.ts'
import { fromAmountField, toAmountField } from '../trips/amount-field.ts'

type Verdict = AppealDecision['verdict']
const verdicts: readonly Verdict[] = ['accept', 'partly', 'deny']

/**
 * The answer, for whoever may give it: each behind a question, with a sentence that the rider reads.
 * @param onStale somebody was first: look again
 */
export function AppealDecide({
  appeal,
  onDone,
  onStale,
}: {
  readonly appeal: StaffAppeal
  readonly onDone: () => void
  readonly onStale: () => void
}) {
  const { t, tag } = useText()
  const me = useMe()
  const id = useId()
  const [asking, setAsking] = useState<Verdict | null>(null)
  const [text, setText] = useState('')
  if (me === null || appeal.state !== 'open') return null
  if (!mayI(me, 'appeal.decide')) return <p className="small soft">{t('appeals.desk.may_not')}</p>
  const { currency, disputedMinor: mostMinor } = appeal
  const typed = fromAmountField(text, currency)
  const amountMinor = typed !== null && typed > 0 && typed <= mostMinor ? typed : null
  const amount = formatMoney(tag, mostMinor, currency)

  const decide = async (verdict: Verdict, answer: string): Promise<Refused | null> => {
    if (verdict === 'partly' && amountMinor === null) return { kind: 'refused', code: 'appeal_amount_wrong' }
    const decision: AppealDecision =
      verdict === 'partly' ? { verdict, answer, amountMinor: amountMinor ?? 0 } : { verdict, answer }
    const path = `/v1/staff/appeals/${appeal.appealId}/decision`
    // The same again is the same decision: it may be tried until it is heard.
    const order = { method: 'POST', body: { decision }, gestureKey: `appeal-${appeal.appealId}` } as const
    const told = await opsApi.send<StaffAppeal>(path, order)
    if (told.kind === 'ok') {
      onDone()
      return null
    }
    onStale()
    return told
  }
  return (
    <section className="card stack" aria-label={t('appeals.desk.decide')}>
      <h2>{t('appeals.desk.decide')}</h2>
      <div className="row wrap">
        {verdicts.map((verdict) => (
          <button
            key={verdict}
            type="button"
            className={verdict === 'accept' ? 'button main' : 'button'}
            onClick={() => setAsking(verdict)}
          >
            {t(`appeals.desk.${verdict}`)}
          </button>
        ))}
      </div>
      {asking !== null && (
        <ReasonDialog
          key={asking}
          title={t(`appeals.desk.${asking}_title`)}
          what={t(`appeals.desk.${asking}_what`, { amount })}
          confirm={t(`appeals.desk.${asking}_go`)}
          isDanger={asking === 'deny'}
          reasonLabel={t('appeals.desk.sentence')}
          onConfirm={(answer) => decide(asking, answer)}
          onClose={() => setAsking(null)}
        >
          {asking === 'partly' && (
            <div className="field">
              <label htmlFor={id}>{t('appeals.desk.amount', { currency })}</label>
              <input
                id={id}
                inputMode="decimal"
                maxLength={12}
                value={text}
                aria-invalid={text !== '' && amountMinor === null}
                aria-describedby={`${id}-range`}
                onChange={(event) => setText(event.target.value)}
              />
              <p id={`${id}-range`} className={text !== '' && amountMinor === null ? 'wrong' : 'hint'}>
                {t('appeals.desk.amount_range', {
                  least: toAmountField(1, currency),
                  most: toAmountField(mostMinor, currency),
                })}
              </p>
            </div>
          )}
        </ReasonDialog>
      )}
    </section>
  )
}
