import type { Refused } from '../../ui-kit/api/api-client.ts'
import { formatClock, formatDay } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { RefusalNotice } from '../../ui-kit/notices.tsx'

/** Why not, and for a wait until when. */
export function ReserveRefused({ refused, onAgain }: { readonly refused: Refused; readonly onAgain: () => void }) {
  const { t, tag } = useText()
  const isWait = refused.code === 'reservation_wait' || refused.code === 'reservation_too_many'
  const untilMs = isWait && refused.detail !== undefined ? Date.parse(refused.detail) : Number.NaN
  return (
    <RefusalNotice refused={refused} onAgain={isWait ? undefined : onAgain}>
      {!Number.isNaN(untilMs) && (
        <p>{t('before.again_at', { day: formatDay(tag, untilMs), time: formatClock(tag, untilMs) })}</p>
      )}
    </RefusalNotice>
  )
}
