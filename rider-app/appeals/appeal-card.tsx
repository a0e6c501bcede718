import './appeals.css'
import { Suspense, useState } from 'react'
import type { AppealView } from '../../contracts/http/appeals.ts'
import type { TripView } from '../../contracts/http/trips.ts'
import { useAnswer } from '../../ui-kit/api/use-answer.ts'
import { formatDay } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { RefusalNotice, Waiting } from '../../ui-kit/notices.tsx'
import { lateScreen } from '../late-screen.ts'
import { useRider } from '../rider-state.ts'
import { AppealState } from './appeal-state.tsx'

const AppealSheet = lateScreen(async () => (await import('./appeal-sheet.tsx')).AppealSheet, 'appeals', 'telling')

/**
 * What became of an appeal against a ride, and the way to make one; nothing where there is nothing to appeal.
 * @param onChanged an appeal was made or withdrawn: ask for the trip again
 */
export function AppealCard({
  trip,
  onChanged,
}: {
  readonly trip: TripView
  readonly onChanged?: (() => void) | undefined
}) {
  const { t, tag } = useText()
  const { api } = useRider()
  const [isAsking, setAsking] = useState(false)
  const { appeal, mayAppealUntil } = trip
  // Asked for again whenever the ride's page hears that something has moved.
  const key = appeal && `appeal:${appeal.appealId}:${appeal.state}:${trip.payment.state}:${trip.payment.refunded}`
  const seen = useAnswer<AppealView>(key, () => api.get(`/v1/appeals/${appeal?.appealId}`))
  if (appeal === null && mayAppealUntil === null) return null
  const isFirst = appeal === null
  return (
    <section className="card stack appeal" aria-label={t(isFirst ? 'appeals.ask' : 'appeals.yours')}>
      {isFirst && (
        <>
          <h2>{t('appeals.ask')}</h2>
          <p className="small soft">
            {trip.endedAt === null
              ? t('appeals.ask_held')
              : t('appeals.ask_how', { until: formatDay(tag, mayAppealUntil ?? trip.cityTime) })}
          </p>
        </>
      )}
      {!isFirst && seen.loading && <Waiting text={t('app.loading')} />}
      {seen.refused !== null && seen.value === null && <RefusalNotice refused={seen.refused} onAgain={seen.again} />}
      {seen.value !== null && <AppealState appeal={seen.value} onChanged={onChanged} />}
      {mayAppealUntil !== null && (
        <button type="button" className="button appeal-make" onClick={() => setAsking(true)}>
          {t(isFirst ? 'appeals.make' : 'appeals.again')}
        </button>
      )}
      {isAsking && (
        <Suspense fallback={<Waiting text={t('app.loading')} />}>
          <AppealSheet
            trip={trip}
            onClose={() => setAsking(false)}
            onMade={() => {
              setAsking(false)
              onChanged?.()
            }}
          />
        </Suspense>
      )}
    </section>
  )
}
