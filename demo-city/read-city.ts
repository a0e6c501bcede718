import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import Value from 'typebox/value'
import { CityFile, PlacesFile, StreetsFile } from './city-files.ts'

/** Reads and checks a `streets.json`. Throws if it is missing, no JSON, or of another form. */
export function readStreets(path: string): StreetsFile {
  return Value.Parse(StreetsFile, JSON.parse(readFileSync(path, 'utf8')))
}

/** Reads and checks a `places.json`. Throws like `readStreets`. */
export function readPlaces(path: string): PlacesFile {
  return Value.Parse(PlacesFile, JSON.parse(readFileSync(path, 'utf8')))
}

/** Reads and checks the `city.json` of a folder. Throws like `readStreets`. */
export function readCity(cityFolder: string): CityFile {
  return Value.Parse(CityFile, JSON.parse(readFileSync(join(cityFolder, 'city.json'), 'utf8')))
}
