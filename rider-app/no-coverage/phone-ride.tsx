import { useEffect, useState } from 'react'
import type { TripView } from '../../contracts/http/trips.ts'
import type { PhoneOperation } from '../../contracts/no-coverage.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { useOnline } from '../../ui-kit/use-online.ts'
import { useRider } from '../rider-state.ts'
import { heardOf, standsPaused } from './heard-bolt.ts'
import { keptPass } from './kept-pass.ts'
import { bringLastWord, passOf, sayCode, sendKeptReceipts, type TalkEnd } from './lock-talk.ts'
import { TalkNotice } from './talk-notice.tsx'
import { usePhoneLock } from './use-phone-lock.ts'

const sendAgainMs = 10_000

/** While the ride runs: its key comes to the phone, and what the lock told it goes to the server when it can. */
export function PhoneRide({ trip, isCutOff }: { readonly trip: TripView; readonly isCutOff: boolean }) {
  const { api } = useRider()
  const online = useOnline()
  const { tripId, state } = trip
  // An unlock by command or grant ends the key of before: each change of the ride asks for the one that holds.
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new state is a reason to ask again
  useEffect(() => {
    if (!isCutOff && online) void passOf(api, tripId).then(() => sendKeptReceipts(api, tripId))
  }, [api, tripId, state, isCutOff, online])
  useEffect(() => {
    const timer = setInterval(() => void (navigator.onLine && sendKeptReceipts(api, tripId)), sendAgainMs)
    return () => clearInterval(timer)
  }, [api, tripId])
  return isCutOff ? <WithoutNetwork trip={trip} /> : null
}

function WithoutNetwork({ trip }: { readonly trip: TripView }) {
  const { t } = useText()
  const { api } = useRider()
  const { radio, step, end, run } = usePhoneLock(trip.bikeNumber)
  const { tripId, state } = trip
  const kept = keptPass(tripId)
  const hasKey = kept?.pass.key != null
  // A page that was closed meanwhile has what the lock said last in what the server has not heard yet.
  const [heard, setHeard] = useState(() => heardOf(kept?.receipts.at(-1), state))
  const [wished, setWished] = useState<PhoneOperation | null>(null)
  const listen = (talk: () => Promise<TalkEnd>) =>
    run(async () => {
      const ended = await talk()
      const told = ended.kind === 'done' ? heardOf(ended.receipt, state) : null
      if (told !== null) setHeard(told)
      return ended
    })
  const say = (op: PhoneOperation) => {
    setWished(op)
    listen(() => sayCode(api, radio, tripId, op))
  }
  const button = (op: PhoneOperation, isMain: boolean) => (
    <button
      type="button"
      className={isMain ? 'button main wide' : 'button wide'}
      disabled={step !== null}
      onClick={() => say(op)}
    >
      {t(`phone.${op}`)}
    </button>
  )
  const closing = end?.kind === 'done' && end.receipt.e.to === 'locked' ? end.receipt.e : null
  // A lock that restarts forgets what the next closing was to mean.
  const isForgotten = wished === 'pause' && closing?.by === 'hand' && closing.tok === undefined
  const isPaused = standsPaused(state, heard)
  return (
    <section className="card stack" aria-labelledby="phone-title">
      <h2 id="phone-title">{t('phone.ride')}</h2>
      <p>{t(radio.isHere ? (hasKey ? 'phone.ride_text' : 'phone.no_key') : 'phone.no.radio')}</p>
      {radio.isHere && hasKey && !isForgotten && (
        <>
          {isPaused ? button('resume', true) : button('pause', true)}
          {button('end', false)}
        </>
      )}
      <div aria-live="polite">
        {end?.kind === 'noted' && (
          <p className="notice good">{t(end.op === 'pause' ? 'phone.push_pause' : 'phone.push_end')}</p>
        )}
        {isForgotten && <p className="notice warn">{t('phone.forgot')}</p>}
        {end?.kind === 'done' && !isForgotten && (
          <p className="notice good">{t(closing?.by === 'ble' ? 'phone.ended' : 'phone.kept')}</p>
        )}
      </div>
      <TalkNotice end={end} />
      {radio.isHere && !isPaused && (
        <button
          type="button"
          className="button quiet"
          disabled={step !== null}
          onClick={() => listen(() => bringLastWord(api, radio, tripId))}
        >
          {t('phone.tell')}
        </button>
      )}
      {radio.isDemo && <p className="small soft">{t('phone.demo')}</p>}
    </section>
  )
}
