import { lazy, Suspense, useState } from 'react'
import { Link, useLocation, useSearchParams } from 'wouter'
import type { BikeNear } from '../../contracts/http/bikes.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { Waiting } from '../../ui-kit/notices.tsx'
import { NumberField } from '../bike/number-field.tsx'
import { lateScreen } from '../late-screen.ts'
import { useRider } from '../rider-state.ts'

/** Heading, Scan and the number field are the first load; the map and its list of bikes come after them. */
const BikesNear = lazy(async () => ({ default: (await import('./bikes-near.tsx')).BikesNear }))
const ReservationCard = lateScreen(
  async () => (await import('../before/reservation-card.tsx')).ReservationCard,
  'before',
)

/**
 * The way to a bike: its number or its QR code, or a look at what stands near; the bike that is looked at is in the
 * address. No log-in needed.
 */
export function HomeScreen() {
  const { t } = useText()
  const { me } = useRider()
  const [mapSlot, setMapSlot] = useState<HTMLElement | null>(null)
  const chosen = useSearchParams()[0].get('bike')
  const [, navigate] = useLocation()
  const choose = (bike: BikeNear | null) => {
    if (bike?.publicId !== chosen)
      navigate(bike === null ? '/' : `/?bike=${bike.publicId}`, { replace: chosen !== null })
  }
  const kept = chosen === null ? (me?.reservation ?? null) : null
  return (
    <div className="split">
      <div className="map-box" ref={setMapSlot} />
      <div className="sheet stack">
        <div className="grip" aria-hidden="true" />
        {me?.activeTripId != null && (
          <Link href={`/trip/${me.activeTripId}`} className="button main wide">
            {t('home.back_to_ride')}
          </Link>
        )}
        {kept !== null && (
          <Suspense fallback={<Waiting text={t('app.loading')} />}>
            <ReservationCard reservation={kept} />
          </Suspense>
        )}
        {chosen === null && kept?.state !== 'open' && <h1>{t('home.title')}</h1>}
        {chosen === null && <NumberField />}
        <Suspense fallback={<Waiting text={t('home.looking')} />}>
          <BikesNear
            mapSlot={mapSlot}
            chosen={chosen}
            onChoose={choose}
            onReserved={() => navigate('/', { replace: true, state: 'reserved' })}
          />
        </Suspense>
      </div>
    </div>
  )
}
