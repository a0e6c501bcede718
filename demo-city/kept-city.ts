import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { generatorVersion } from './generator-version.ts'

export type CityOrder = {
  /** The folder that will hold the city; its parent is made if need be. */
  readonly out: string
  readonly seed: number
  readonly radiusM: number
}

/** True if the folder already holds this very city. Loads none of the generator, so that a restart costs nothing. */
export function holdsCity({ out, seed, radiusM }: CityOrder): boolean {
  const path = join(out, 'city.json')
  if (!existsSync(path)) return false
  const city: unknown = JSON.parse(readFileSync(path, 'utf8'))
  return (
    typeof city === 'object' &&
    city !== null &&
    'generatorVersion' in city &&
    city.generatorVersion === generatorVersion &&
    'seed' in city &&
    city.seed === seed &&
    'radiusM' in city &&
    city.radiusM === radiusM
  )
}
