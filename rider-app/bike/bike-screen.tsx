import './bike.css'
import { Suspense, useState } from 'react'
import { Link } from 'wouter'
import type { BikeByCode } from '../../contracts/http/bikes.ts'
import type { ReportKind } from '../../contracts/http/tasks.ts'
import type { Refused } from '../../ui-kit/api/api-client.ts'
import { useAnswer } from '../../ui-kit/api/use-answer.ts'
import { BatteryMark } from '../../ui-kit/battery-mark.tsx'
import { formatBikeNumber, formatMoney } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { RefusalNotice, Waiting } from '../../ui-kit/notices.tsx'
import { NearAnother } from '../before/near-another.tsx'
import { RingButton } from '../before/ring-button.tsx'
import { lateScreen } from '../late-screen.ts'
import { LogInFirst } from '../log-in/log-in-first.tsx'
import { MySavedPromise } from '../pay/saved-promise.tsx'
import { useInHand, useRider } from '../rider-state.ts'
import { searchId } from '../search-id.ts'
import { NumberField } from './number-field.tsx'
import { PayAndUnlock } from './pay-and-unlock.tsx'
import { TermsSentence } from './terms-sentence.tsx'

const ReportSheet = lateScreen(async () => (await import('../telling/report-sheet.tsx')).ReportSheet, 'telling')
const stickerKinds: readonly ReportKind[] = ['sticker', 'brakes', 'tyre', 'chain', 'saddle', 'lock', 'lights', 'other']

/** One bike before anything is paid: is it the right one, what does it cost, may it be ridden. */
export function BikeScreen({ code }: { readonly code: string }) {
  const { t } = useText()
  const { api } = useRider()
  const bike = useAnswer<BikeByCode>(`bike:${code}`, () =>
    api.get(`/v1/bikes/by-code/${encodeURIComponent(code)}?search=${searchId}`),
  )
  useInHand(bike.value?.number ?? null)
  return (
    <div className="page stack">
      <Link href="/" className="button quiet back">
        ← {t('bike.back')}
      </Link>
      {bike.loading && <Waiting text={t('bike.loading')} />}
      {bike.refused !== null && bike.value === null && <NotFound refused={bike.refused} onAgain={bike.again} />}
      {bike.value !== null && <BikeCard bike={bike.value} code={code} onLook={bike.again} />}
    </div>
  )
}

/** A number that no bike has needs another number, anything else another try. */
function NotFound({ refused, onAgain }: { readonly refused: Refused; readonly onAgain: () => void }) {
  if (refused.code !== 'bike_unknown') return <RefusalNotice refused={refused} onAgain={onAgain} />
  return (
    <>
      <RefusalNotice refused={refused} />
      <NumberField />
    </>
  )
}

function BikeCard({
  bike,
  code,
  onLook,
}: {
  readonly bike: BikeByCode
  readonly code: string
  /** Asks again what may be done with it. */
  readonly onLook: () => void
}) {
  const { t } = useText()
  const { rideId } = useRider()
  return (
    <>
      <section className="card stack bike-card" aria-labelledby="bike-number">
        <p className="soft">{t('bike.compare')}</p>
        <h1 id="bike-number" className="bike-number number" aria-label={t('bike.number', { number: bike.number })}>
          {formatBikeNumber(bike.number)}
        </h1>
        <p className="row">
          <span>{bike.model}</span> <BatteryMark percent={bike.batteryPercent} />
        </p>
        <LookCloser bike={bike} />
      </section>
      {bike.rentable && rideId === null && <Take bike={bike} code={code} onLook={onLook} />}
      {bike.rentable && rideId !== null && (
        <div className="notice warn" role="status">
          <p>
            <strong>{t('bike.riding')}</strong>
          </p>
          <Link href={`/trip/${rideId}`} className="button main wide">
            {t('home.back_to_ride')}
          </Link>
        </div>
      )}
      {!bike.rentable && <NotNow bike={bike} rideId={rideId} />}
    </>
  )
}

/** What it costs, and the gesture that takes it, for who is logged in and has no ride. */
function Take({ bike, code, onLook }: Parameters<typeof BikeCard>[0]) {
  const { t, tag } = useText()
  const { me } = useRider()
  const isMine = me?.reservation?.state === 'open' && me.reservation.bikeNumber === bike.number
  const hold = formatMoney(tag, bike.terms.hold, bike.terms.currency)
  return (
    <>
      {isMine && (
        <p className="notice good" role="status">
          {t('before.yours')}
        </p>
      )}
      <TermsSentence terms={bike.terms} />
      <LogInFirst reason={t('login.to_ride')} />
      {me !== null && (
        <PayAndUnlock bikeCode={bike.code} number={bike.number} urlCode={code} hold={hold} me={me} onLook={onLook} />
      )}
    </>
  )
}

/** Why not, and what else: the ride that runs, the money that waits for a bike, the next bike. */
function NotNow({ bike, rideId }: { readonly bike: BikeByCode; readonly rideId: string | null }) {
  const { t, ofCode } = useText()
  return (
    <>
      <div className="notice warn" role="alert">
        <p>
          <strong>{ofCode(`refusal.${bike.refusal ?? 'bike_out_of_service'}`, 'refusal.bike_out_of_service')}</strong>
        </p>
        {rideId !== null && (
          <Link href={`/trip/${rideId}`} className="button">
            {t('home.back_to_ride')}
          </Link>
        )}
      </div>
      <MySavedPromise />
      {rideId === null && <NearAnother exceptNumber={bike.number} />}
    </>
  )
}

/** For who looks for this bike, or finds another number or a sticker on it. */
function LookCloser({ bike }: { readonly bike: BikeByCode }) {
  const { t } = useText()
  const { me } = useRider()
  const [isTelling, setTelling] = useState(false)
  return (
    <>
      <div className="row look-closer">
        {me !== null && <RingButton bike={bike.code} />}
        <button type="button" className="button quiet" onClick={() => setTelling(true)}>
          {t('before.sticker')}
        </button>
      </div>
      {isTelling && (
        <Suspense>
          <ReportSheet
            bikeCode={bike.code}
            number={bike.number}
            kinds={stickerKinds}
            first="sticker"
            onClose={() => setTelling(false)}
          />
        </Suspense>
      )}
    </>
  )
}
