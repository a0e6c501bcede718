import { useState } from 'react'
import type { StaffTrip, TripTrace } from '../../contracts/http/staff-trips.ts'
import { formatDay } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { ReasonDialog } from '../frame/reason-dialog.tsx'
import { ReplayPlayer } from './replay-player.tsx'
import { TracePoints } from './trace-points.tsx'
import { useAct } from './use-act.ts'

/** Where the rider went: asked with a reason each time that it is opened, kept by nobody afterwards. */
export function TripReplay({
  found,
  onClose,
  onLooked,
}: {
  readonly found: StaffTrip
  readonly onClose: () => void
  /** The look stands in the trip's story now. */
  readonly onLooked: () => void
}) {
  const { t, tag } = useText()
  const send = useAct<TripTrace>(found.trip.tripId, 'replay')
  const [trace, setTrace] = useState<TripTrace | null>(null)
  if (trace === null) {
    return (
      <ReasonDialog
        title={t('trips.replay_title')}
        what={t('trips.replay_what')}
        confirm={t('trips.replay_go')}
        onConfirm={async (reason) => {
          const answer = await send({ reason })
          if (answer.kind === 'refused') return answer
          setTrace(answer.value)
          onLooked()
          // Stays open until the way is drawn in its place.
          return null
        }}
        onClose={() => {
          setTrace((known) => {
            if (known === null) onClose()
            return known
          })
        }}
      />
    )
  }
  return (
    <section className="card stack trip-replay" aria-label={t('trips.replay')} data-points={trace.points.length}>
      <div className="row wrap spread">
        <h2>{t('trips.replay')}</h2>
        <button type="button" className="button" onClick={onClose}>
          {t('trips.replay_close')}
        </button>
      </div>
      {trace.points.length === 0 ? (
        <p className="notice">{t('trips.replay_none')}</p>
      ) : (
        <>
          {trace.isCut && <p className="notice warn">{t('trips.replay_cut')}</p>}
          <ReplayPlayer trace={trace} />
          <TracePoints trace={trace} />
        </>
      )}
      <p className="small soft">{t('trips.replay_kept', { day: formatDay(tag, trace.keptUntil) })}</p>
    </section>
  )
}
