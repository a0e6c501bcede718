import { useState } from 'react'
import type { CrewBike, CrewRoute, CrewStop } from '../../contracts/http/crews.ts'
import { distanceM } from '../../ui-kit/distance.ts'
import { formatAge, formatDistance } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { usePlace } from '../night/place.ts'
import { useCityTime, useNight } from '../night/use-night.ts'
import { Sheet } from '../sheet.tsx'
import { BikeFacts, BikeName, bikeText } from './bike-name.tsx'
import { RingButton } from './ring-button.tsx'
import { type Trouble, TroubleForm } from './trouble-form.tsx'

/** One bike: find it, say what is wrong with it, or load it when its sticker cannot be read. */
export function BikeSheet({
  route,
  stop,
  bike,
  onClose,
}: {
  readonly route: CrewRoute
  readonly stop: CrewStop | null
  readonly bike: CrewBike
  readonly onClose: () => void
}) {
  const { t, tag } = useText()
  const { act } = useNight()
  const place = usePlace()
  const nowMs = useCityTime()
  const [trouble, setTrouble] = useState<Trouble | null>(null)
  const isInVan = route.load.some((one) => one.bikeId === bike.bikeId)
  const stopId = stop?.stopId ?? null
  const name = bike.number || bike.code
  const isFull = route.load.length >= route.capacity
  const at = bike.lon === null || bike.lat === null ? null : { lon: bike.lon, lat: bike.lat }
  const move = () => {
    onClose()
    void act({ act: isInVan ? 'unload' : 'load', bike: name, stopId })
  }
  if (trouble !== null) {
    return (
      <Sheet title={t(`crew.trouble.${trouble}.title`, { bike: bikeText(bike) })} onClose={onClose}>
        <TroubleForm trouble={trouble} bike={name} stopId={stopId} onDone={onClose} />
      </Sheet>
    )
  }
  return (
    <Sheet title={t('crew.bike.title')} onClose={onClose}>
      <p className="bike-big">
        <BikeName bike={bike} />
      </p>
      <BikeFacts bike={bike} />
      <p className="soft">
        {bike.lastHeardAt === null
          ? t('crew.bike.never_heard')
          : t('crew.bike.heard', { age: formatAge(tag, nowMs - bike.lastHeardAt) })}
        {place !== null && at !== null && !isInVan && (
          <> · {t('crew.bike.away', { distance: formatDistance(tag, distanceM(place, at)) })}</>
        )}
      </p>
      {!isInVan && bike.number !== '' && <RingButton number={bike.number} />}
      {!isInVan && (
        <>
          <button type="button" className="button wide" onClick={() => setTrouble('not_found')}>
            {t('crew.trouble.not_found.button')}
          </button>
          <button type="button" className="button wide" onClick={() => setTrouble('blocked')}>
            {t('crew.trouble.blocked.button')}
          </button>
        </>
      )}
      {!(bike.isBroken && isInVan) && (isInVan || !isFull) && (
        <button type="button" className="button wide" onClick={() => setTrouble('broken')}>
          {t('crew.trouble.broken.button')}
        </button>
      )}
      {isFull && !isInVan && <p className="notice warn">{t('refusal.van_full')}</p>}
      {(isInVan ? stop !== null : !isFull) && (
        <button type="button" className="button wide" onClick={move}>
          {isInVan ? t('crew.bike.put_down_here') : t('crew.bike.load_unscanned')}
        </button>
      )}
    </Sheet>
  )
}
