import { useEffect, useState } from 'react'
import { useText } from '../../ui-kit/i18n/text.ts'
import type { MapPoint } from '../../ui-kit/map/map-point.ts'
import { useCityMap } from '../../ui-kit/map/use-city-map.ts'
import { LateZoneLegend } from '../parking/late-zone-legend.ts'
import { useZones } from '../parking/use-zones.ts'
import { useRider } from '../rider-state.ts'
import { useOwnPlace } from './use-own-place.ts'

const startZoom = 14.4
const rideZoom = 15.2

/** Where one is and which zones lie ahead, while riding: a small map that follows its rider until it is moved by hand. */
export function RideMap() {
  const { t } = useText()
  const { config } = useRider()
  const [moved, setMoved] = useState(0)
  const [follows, setFollows] = useState(true)
  const { box, map, failed } = useCityMap(config, {
    zoom: startZoom,
    label: t('ride.map'),
    onPick: () => undefined,
    onMoved: () => setMoved((n) => n + 1),
  })
  const { here, status, ask } = useOwnPlace()
  const zones = useZones(map, moved === 0 ? null : map?.view().box)
  useEffect(() => map?.setHere(here), [map, here])
  useEffect(() => {
    if (here !== null && follows) map?.flyTo(here, rideZoom)
  }, [map, here, follows])
  // Who looks ahead must not be flown back at the next corner.
  useEffect(() => {
    const element = box.current
    if (element === null || map === null) return
    const leave = () => setFollows(false)
    const drag = ({ buttons }: PointerEvent) => buttons !== 0 && leave()
    element.addEventListener('pointermove', drag)
    element.addEventListener('wheel', leave, { passive: true })
    element.addEventListener('keydown', leave)
    return () => {
      element.removeEventListener('pointermove', drag)
      element.removeEventListener('wheel', leave)
      element.removeEventListener('keydown', leave)
    }
  }, [box, map])
  if (failed) return <p className="small soft">{t('app.map_failed')}</p>
  const near: MapPoint | null = here ?? config?.centre ?? null
  return (
    <section className="stack" aria-label={t('ride.map')}>
      <div className="ride-map">
        <div className="map-box">
          <div ref={box} />
        </div>
        {status !== 'found' && status !== 'asking' && (
          <button type="button" className="button locate" onClick={ask}>
            {t(status === 'refused' ? 'ride.place_refused' : 'ride.show_place')}
          </button>
        )}
        {status === 'found' && !follows && (
          <button type="button" className="button locate" onClick={() => setFollows(true)}>
            {t('ride.follow')}
          </button>
        )}
      </div>
      <LateZoneLegend zones={zones} near={near} />
    </section>
  )
}
