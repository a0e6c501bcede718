import { assert } from '../../../contracts/assert.ts'
import type { Place } from '../core/street-matrix.ts'
import { DistancesFault, maxPlaces } from './distances.ts'

export function checkPlaces(places: readonly Place[]): void {
  if (places.length > maxPlaces) {
    throw new DistancesFault('too_many', `${places.length} places are more than the ${maxPlaces} of one table`)
  }
  const isOnEarth = ({ lon, lat }: Place): boolean => Math.abs(lon) <= 180 && Math.abs(lat) <= 90
  assert(places.every(isOnEarth), 'every place of a table has a longitude and a latitude')
}
