import { useQuery } from '@tanstack/react-query'
import type { RawMessage } from '../../contracts/http/bike-page.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { RefusalNotice, Waiting } from '../../ui-kit/notices.tsx'
import { opsApi, valueOrThrow } from '../ops-api.ts'
import { type AskFault, refusedOf } from '../use-asked.ts'
import { formatSecond } from './moment.ts'

/** What the lock sent, as it came, with when it was made, heard and acted on. */
export function RawMessageView({ bikeId, reportId }: { readonly bikeId: string; readonly reportId: string }) {
  const { t, tag } = useText()
  const path = `/v1/staff/bikes/${bikeId}/messages/${reportId}`
  const asked = useQuery<RawMessage, AskFault>({
    queryKey: [path],
    queryFn: () => valueOrThrow<RawMessage>(opsApi.get<RawMessage>(path)),
  })
  if (asked.isPending) return <Waiting text={t('app.loading')} />
  if (asked.isError) return <RefusalNotice refused={refusedOf(asked.error)} onAgain={() => void asked.refetch()} />
  const { madeAt, receivedAt, appliedAt, body } = asked.data
  return (
    <div className="raw">
      <p className="small soft number">
        {t('bikes.raw_times', {
          made: formatSecond(tag, madeAt),
          heard: formatSecond(tag, receivedAt),
          applied: appliedAt === null ? '–' : formatSecond(tag, appliedAt),
        })}
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <pre tabIndex={0}>{JSON.stringify(body, null, 1)}</pre>
    </div>
  )
}
