import { useState } from 'react'
import type { ReservationView } from '../../contracts/http/reservations.ts'
import { formatBikeNumber } from '../../ui-kit/formats.ts'
import { type TextKey, useText } from '../../ui-kit/i18n/text.ts'

const slot = 'reservation-seen'

/** Told once on each device: the bike is no longer kept, and why. */
export function ReservationOver({ over }: { readonly over: ReservationView }) {
  const { t } = useText()
  const [seen, setSeen] = useState(() => localStorage.getItem(slot))
  if (seen === over.reservationId) return null
  const dismiss = () => {
    localStorage.setItem(slot, over.reservationId)
    setSeen(over.reservationId)
  }
  return (
    <div className="notice warn stack" role="status">
      <p>
        <strong className="number">{formatBikeNumber(over.bikeNumber)}</strong> {t(whyOf(over))}
      </p>
      <button type="button" className="button" onClick={dismiss}>
        {t('before.understood')}
      </button>
    </div>
  )
}

function whyOf({ reason }: ReservationView): TextKey {
  if (reason === 'crew') return 'before.over.crew'
  return reason === 'out_of_service' ? 'before.over.out_of_service' : 'before.over.expired'
}
