import './appeals.css'
import { useState } from 'react'
import { Link } from 'wouter'
import type { Appeals, AppealView } from '../../contracts/http/appeals.ts'
import type { Refused } from '../../ui-kit/api/api-client.ts'
import { useAnswer } from '../../ui-kit/api/use-answer.ts'
import { formatBikeNumber, formatClock, formatDay } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { RefusalNotice, Waiting } from '../../ui-kit/notices.tsx'
import { useRider } from '../rider-state.ts'
import { AppealState } from './appeal-state.tsx'

const atOnce = 20
/** An answer comes within hours; who looks at the list is not kept waiting for it. */
const lookEveryMs = 20_000

/** The rider's appeals, newest first, for the page /mine/appeals. */
export function AppealsList() {
  const { t } = useText()
  const { api } = useRider()
  const first = useAnswer<Appeals>('appeals', () => api.get(`/v1/appeals?limit=${atOnce}`), lookEveryMs)
  const [more, setMore] = useState<readonly AppealView[]>([])
  const [next, setNext] = useState<string | null | undefined>(undefined)
  const [refused, setRefused] = useState<Refused | null>(null)
  const from = next === undefined ? (first.value?.next ?? null) : next
  const loadMore = async () => {
    const answer = await api.get<Appeals>(`/v1/appeals?limit=${atOnce}&before=${from}`)
    if (answer.kind === 'refused') return setRefused(answer)
    setMore((known) => [...known, ...answer.value.appeals])
    setNext(answer.value.next)
    setRefused(null)
  }
  const shown = [...(first.value?.appeals ?? []), ...more]
  return (
    <>
      {first.loading && <Waiting text={t('app.loading')} />}
      {first.refused !== null && first.value === null && (
        <RefusalNotice refused={first.refused} onAgain={first.again} />
      )}
      {first.value !== null && shown.length === 0 && (
        <div className="notice">
          <p>
            <strong>{t('appeals.none')}</strong>
          </p>
          <p className="small">{t('appeals.none_how')}</p>
        </div>
      )}
      <ul className="stack">
        {shown.map((appeal) => (
          <li key={appeal.appealId} className="card stack appeal">
            <RideOf appeal={appeal} />
            <AppealState appeal={appeal} onChanged={first.again} />
          </li>
        ))}
      </ul>
      {refused !== null && <RefusalNotice refused={refused} onAgain={() => void loadMore()} />}
      {from !== null && (
        <button type="button" className="button" onClick={() => void loadMore()}>
          {t('appeals.more')}
        </button>
      )}
    </>
  )
}

function RideOf({ appeal: { tripId, bikeNumber, rideEndedAt, createdAt } }: { readonly appeal: AppealView }) {
  const { t, tag } = useText()
  const at = rideEndedAt ?? createdAt
  const time = `${formatDay(tag, at)}, ${formatClock(tag, at)}`
  return (
    <p className="small">
      <Link href={`/trip/${tripId}`}>{t('appeals.ride', { time })}</Link>{' '}
      <span className="soft">· {t('bike.number', { number: formatBikeNumber(bikeNumber) })}</span>
    </p>
  )
}
