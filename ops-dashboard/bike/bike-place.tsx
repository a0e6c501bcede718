import { useEffect, useRef } from 'react'
import { Link } from 'wouter'
import type { BikePage } from '../../contracts/http/bike-page.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { useDeskMap } from '../frame/use-desk-map.ts'

const zoom = 15.5

/** Where it is, on a small map that says so in words too. */
export function BikePlace({ bike }: { readonly bike: BikePage }) {
  const { t } = useText()
  const { lon, lat, accuracyM, number } = bike
  const { box, map, failed } = useDeskMap({ zoom, label: t('bikes.map'), onPick: () => undefined })
  const isShown = useRef(false)
  useEffect(() => {
    if (map === null || lon === null || lat === null) return
    map.setHere({ lon, lat })
    if (!isShown.current) map.showAll([{ lon, lat }])
    isShown.current = true
  }, [map, lon, lat])
  return (
    <section className="card stack bike-place" aria-labelledby="bike-place">
      <div className="row spread wrap">
        <h2 id="bike-place">{t('bikes.place')}</h2>
        <Link className="button" href={`/?bike=${number}`}>
          {t('bikes.on_fleet_map')}
        </Link>
      </div>
      {lon === null || lat === null ? (
        <p className="soft">{t('bikes.place_unknown')}</p>
      ) : (
        <p className="number small soft">
          {lat.toFixed(5)}, {lon.toFixed(5)}
          {accuracyM !== null && ` · ± ${Math.round(accuracyM)} m`}
        </p>
      )}
      <div className="small-map" hidden={lon === null || failed}>
        <div className="map-box">
          <div ref={box} />
        </div>
      </div>
    </section>
  )
}
