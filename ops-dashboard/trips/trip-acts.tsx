import { type ComponentType, useState } from 'react'
import type { StaffTrip, TripActKind } from '../../contracts/http/staff-trips.ts'
import type { Permission } from '../../contracts/permissions.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { mayI, useMe } from '../frame/use-me.ts'
import { EndDialog } from './end-dialog.tsx'
import { ExtendDialog } from './extend-dialog.tsx'
import { ForgiveDialog } from './forgive-dialog.tsx'
import { RefundDialog } from './refund-dialog.tsx'
import { RepriceDialog } from './reprice-dialog.tsx'

export interface ActDialogProperties {
  readonly found: StaffTrip
  readonly onDone: () => void
  readonly onClose: () => void
}

type Acted = Exclude<TripActKind, 'replay'>

const dialogs: Readonly<Record<Acted, ComponentType<ActDialogProperties>>> = {
  end: EndDialog,
  extend: ExtendDialog,
  refund: RefundDialog,
  reprice: RepriceDialog,
  forgive: ForgiveDialog,
}
const permissionOf: Readonly<Record<TripActKind, Permission>> = {
  end: 'trip.end',
  extend: 'trip.end',
  refund: 'trip.refund',
  reprice: 'trip.reprice',
  forgive: 'trip.refund',
  replay: 'trip.replay',
}

/** What the trip's state allows; the server decides again. */
function isPossible(act: TripActKind, { trip, trace }: StaffTrip): boolean {
  const { state, payment } = trip
  const isOver = state === 'ended' || state === 'charged'
  switch (act) {
    case 'end':
      return !isOver && state !== 'failed' && state !== 'cancelled'
    case 'extend':
      return state === 'riding' || state === 'paused'
    case 'refund':
      return isOver && payment.state !== 'debt' && payment.captured > payment.refundAsked
    case 'reprice':
      return isOver && payment.due > 0
    case 'forgive':
      return payment.state === 'debt'
    case 'replay':
      return trace === 'kept'
  }
}

const order: readonly TripActKind[] = ['end', 'extend', 'replay', 'refund', 'reprice', 'forgive']

/** The acts that this person may do to this trip now, each behind a question for the reason. */
export function TripActs({
  found,
  onDone,
  onReplay,
}: {
  readonly found: StaffTrip
  readonly onDone: (act: Acted) => void
  readonly onReplay: () => void
}) {
  const { t } = useText()
  const me = useMe()
  const [asking, setAsking] = useState<Acted | null>(null)
  if (me === null) return null
  const offered = order.filter((act) => mayI(me, permissionOf[act]) && isPossible(act, found))
  const hasNoPart = order.every((act) => !mayI(me, permissionOf[act]))
  const Dialog = asking === null ? null : dialogs[asking]
  if (offered.length === 0 && !hasNoPart && found.trace !== 'gone') return null
  return (
    <section className="card stack" aria-label={t('trips.acts')}>
      <h2>{t('trips.acts')}</h2>
      {hasNoPart && <p className="soft">{t('trips.acts_none')}</p>}
      {offered.length > 0 && (
        <div className="row wrap">
          {offered.map((act) => (
            <button
              key={act}
              type="button"
              className="button"
              onClick={() => (act === 'replay' ? onReplay() : setAsking(act))}
            >
              {t(`trips.do.${act}`)}
            </button>
          ))}
        </div>
      )}
      {found.trace === 'gone' && <p className="small soft">{t('trips.replay_gone')}</p>}
      {Dialog !== null && asking !== null && (
        <Dialog key={asking} found={found} onDone={() => onDone(asking)} onClose={() => setAsking(null)} />
      )}
    </section>
  )
}
