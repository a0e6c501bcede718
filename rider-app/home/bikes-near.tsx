import { Suspense, useEffect, useMemo, useRef } from 'react'
import { createPortal } from 'react-dom'
import type { BikeNear } from '../../contracts/http/bikes.ts'
import type { ReservationView } from '../../contracts/http/reservations.ts'
import { distanceM } from '../../ui-kit/distance.ts'
import { formatClock, formatDay } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import type { MapPoint } from '../../ui-kit/map/map-point.ts'
import { Waiting } from '../../ui-kit/notices.tsx'
import { useInstallOffer } from '../frame/install-offer.ts'
import { lateScreen } from '../late-screen.ts'
import { useRider } from '../rider-state.ts'
import { NearList } from './near-list.tsx'
import { NearMap } from './near-map.tsx'
import { useKeptBikes } from './use-kept-bikes.ts'
import { useNearBikes } from './use-near-bikes.ts'
import { useWhereAmI } from './use-where-am-i.ts'

const BikeCard = lateScreen(async () => (await import('../before/bike-card.tsx')).BikeCard, 'before', 'taking')

const InstallHint = lateScreen(async () => (await import('../frame/install-hint.tsx')).InstallHint, 'frame')

/**
 * Bikes near me, as a list here and on a map in `mapSlot`, which lies beside this one's sheet. The chosen one has its
 * card in the list's place.
 */
export function BikesNear({
  mapSlot,
  chosen,
  onChoose,
  onReserved,
}: {
  readonly mapSlot: HTMLElement | null
  readonly chosen: string | null
  readonly onChoose: (bike: BikeNear | null) => void
  readonly onReserved: () => void
}) {
  const { t, tag } = useText()
  const { config, me } = useRider()
  const offer = useInstallOffer()
  const where = useWhereAmI(config?.centre ?? null)
  const near = useKeptBikes(useNearBikes(where.looking, where.here), where.looking)
  const bikes = useMemo(() => awayFrom(where.here, near.bikes), [where.here, near.bikes])
  const { bike, isGone } = useChosen(bikes, near.loading, chosen)
  const last = useRef<string | null>(null)
  const returnTo = chosen === null ? last.current : null
  useEffect(() => {
    last.current = chosen
  }, [chosen])
  const own = useMemo(() => ownMark(me?.reservation ?? null), [me?.reservation])
  const drawn = useMemo(() => (own === null ? bikes : [own, ...bikes]), [own, bikes])
  const map = (
    <NearMap
      bikes={drawn}
      chosen={chosen ?? own?.publicId ?? null}
      here={where.here}
      focus={where.focus}
      onChoose={(picked) => onChoose(picked === own ? null : picked)}
      onMoved={where.look}
    />
  )
  return (
    <>
      {mapSlot !== null && createPortal(map, mapSlot)}
      {near.knownAt !== null && (
        <div className="notice warn row spread" role="status">
          {t('frame.last_known', { time: `${formatDay(tag, near.knownAt)}, ${formatClock(tag, near.knownAt)}` })}
          <button type="button" className="button" onClick={near.again}>
            {t('app.again')}
          </button>
        </div>
      )}
      {bike === null ? (
        <NearList near={{ ...near, bikes }} isLost={isGone} returnTo={returnTo} onChoose={onChoose} where={where} />
      ) : (
        <Suspense fallback={<Waiting text={t('app.loading')} />}>
          <BikeCard
            bike={bike}
            isGone={isGone}
            isFromHere={where.here !== null}
            onClose={() => onChoose(null)}
            onReserved={onReserved}
          />
        </Suspense>
      )}
      {offer !== null && (
        <Suspense>
          <InstallHint offer={offer} />
        </Suspense>
      )}
    </>
  )
}

/** The chosen bike; as it was last seen when somebody has taken it meanwhile. */
function useChosen(
  bikes: readonly BikeNear[],
  loading: boolean,
  chosen: string | null,
): { readonly bike: BikeNear | null; readonly isGone: boolean } {
  const last = useRef<BikeNear | null>(null)
  const found = bikes.find((bike) => bike.publicId === chosen) ?? null
  // As it was when it was chosen: the map goes to it, and would bring its distance down to nothing.
  if (found !== null && last.current?.publicId !== chosen) last.current = found
  const bike = chosen !== null && last.current?.publicId === chosen ? last.current : null
  return { bike, isGone: chosen !== null && found === null && !loading }
}

/** The way from the phone, wherever the map was moved; the server told it from the middle of the map. */
function awayFrom(here: MapPoint | null, bikes: readonly BikeNear[]): readonly BikeNear[] {
  if (here === null) return bikes
  return bikes
    .map((bike) => ({ ...bike, distanceM: Math.round(distanceM(here, bike)) }))
    .sort((a, b) => a.distanceM - b.distanceM)
}

/** The rider's own reserved bike is hidden from everybody; here it is drawn as the one that is looked at. */
function ownMark(reservation: ReservationView | null): BikeNear | null {
  if (reservation?.state !== 'open' || reservation.lon === null || reservation.lat === null) return null
  const { reservationId, lon, lat, batteryPercent, model } = reservation
  return { publicId: reservationId, lon, lat, distanceM: 0, batteryPercent, model }
}
