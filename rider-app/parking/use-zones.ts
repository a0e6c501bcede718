import { useEffect } from 'react'
import type { PublicZones } from '../../contracts/http/city-zones.ts'
import { useAnswer } from '../../ui-kit/api/use-answer.ts'
import { formatMoney } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import type { CityMap } from '../../ui-kit/map/city-map.ts'
import type { MapBox } from '../../ui-kit/map/map-point.ts'
import { useRider } from '../rider-state.ts'
import { zonesBox } from './zones-box.ts'

/** Zones are changed by people, not by the minute. */
const lookEveryMs = 60_000

/**
 * Draws the zones that hold now on a rider's map, and gives them back for <ZoneLegend/>. `box`: what is to be seen,
 * where the screen follows that; the surroundings of where the map started otherwise.
 */
export function useZones(map: CityMap | null, box?: MapBox | null): PublicZones | null {
  const { api } = useRider()
  const { tag } = useText()
  const seen = box ?? map?.view().box ?? null
  const path = seen === null ? null : zonesBox(seen)
  const zones = useAnswer<PublicZones>(path, () => api.get(`/v1/zones?${path}`), lookEveryMs).value
  useEffect(() => {
    if (zones === null) return
    const { features, currency } = zones
    map?.setZones({ features, rewardLabel: (minor) => `+${formatMoney(tag, minor, currency)}` })
  }, [map, zones, tag])
  return zones
}
