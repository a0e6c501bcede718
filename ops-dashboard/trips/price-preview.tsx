import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { TripPreview } from '../../contracts/http/staff-trips.ts'
import { formatMoney } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { RefusalNotice, Waiting } from '../../ui-kit/notices.tsx'
import { opsApi, valueOrThrow } from '../ops-api.ts'
import { type AskFault, refusedOf } from '../use-asked.ts'
import { FareLines } from './fare-lines.tsx'

/** Somebody still types. */
const settleMs = 300

/** What an act would do to the price, asked of the server; nothing is changed by asking. Null: nothing to ask. */
export function usePreview(tripId: string, question: string | null) {
  const [asked, setAsked] = useState(question)
  useEffect(() => {
    const timer = setTimeout(() => setAsked(question), settleMs)
    return () => clearTimeout(timer)
  }, [question])
  const path = asked === null ? null : `/v1/staff/trips/${tripId}/preview?${asked}`
  const answer = useQuery<TripPreview, AskFault>({
    queryKey: [path],
    queryFn: () => valueOrThrow<TripPreview>(opsApi.get<TripPreview>(path as string)),
    enabled: path !== null,
    retry: false,
  })
  const isNew = asked === question && path !== null
  return {
    isAsked: question !== null,
    preview: isNew ? (answer.data ?? null) : null,
    refused: isNew && answer.isError ? refusedOf(answer.error) : null,
  }
}

/** The price before and after, beside each other, before it is done. */
export function PricePreview({ isAsked, preview, refused }: ReturnType<typeof usePreview>) {
  const { t, tag } = useText()
  return (
    <section className="price-preview" aria-label={t('trips.preview')} aria-live="polite">
      {!isAsked && null}
      {isAsked && preview === null && refused === null && <Waiting text={t('trips.computing')} />}
      {refused !== null && <RefusalNotice refused={refused} />}
      {preview !== null && (
        <>
          <div className="before-after">
            <div>
              <h3>{t('trips.before')}</h3>
              <FareLines price={preview.before} caption={t('trips.before')} />
            </div>
            <div>
              <h3>{t('trips.after')}</h3>
              <FareLines price={preview.after} caption={t('trips.after')} />
            </div>
          </div>
          {preview.back > 0 ? (
            <p className="notice good">
              {t('trips.back_now', { amount: formatMoney(tag, preview.back, preview.after.currency) })}
            </p>
          ) : (
            preview.before.final && <p className="notice">{t('trips.less_taken')}</p>
          )}
        </>
      )}
    </section>
  )
}
