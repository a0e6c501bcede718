import { formatMoney } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { ReasonDialog } from '../frame/reason-dialog.tsx'
import type { ActDialogProperties } from './trip-acts.tsx'
import { toldDone, useAct } from './use-act.ts'

/** A debt is asked of nobody any more. */
export function ForgiveDialog({ found, onDone, onClose }: ActDialogProperties) {
  const { t, tag } = useText()
  const send = useAct(found.trip.tripId, 'forgive')
  const { payment, price } = found.trip
  return (
    <ReasonDialog
      title={t('trips.forgive_title')}
      what={t('trips.forgive_what', { amount: formatMoney(tag, payment.due - payment.captured, price.currency) })}
      confirm={t('trips.forgive_go')}
      isDanger
      onConfirm={(reason) => toldDone(send({ reason }), onDone)}
      onClose={onClose}
    />
  )
}
