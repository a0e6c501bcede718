import { lazy, Suspense, useState } from 'react'
import { Link } from 'wouter'
import { useText } from '../../ui-kit/i18n/text.ts'
import { Waiting } from '../../ui-kit/notices.tsx'
import { NumberField } from '../bike/number-field.tsx'
import { useRider } from '../rider-state.ts'

/** Heading, Scan and the number field are the first load; the map and its list of bikes come after them. */
const BikesNear = lazy(async () => ({ default: (await import('./bikes-near.tsx')).BikesNear }))

/** The way to a bike: its number or its QR code, or a look at what stands near. No log-in needed. */
export function HomeScreen() {
  const { t } = useText()
  const { me } = useRider()
  const [mapSlot, setMapSlot] = useState<HTMLElement | null>(null)
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
        <h1>{t('home.title')}</h1>
        <NumberField />
        <Suspense fallback={<Waiting text={t('home.looking')} />}>
          <BikesNear mapSlot={mapSlot} />
        </Suspense>
      </div>
    </div>
  )
}
