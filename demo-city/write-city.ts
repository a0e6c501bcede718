import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { type CityFile, defaultCentre } from './city-files.ts'
import { planCity } from './core/city-plan.ts'
import { mapLayers } from './core/map-layers.ts'
import { findPlaces } from './core/places.ts'
import { planeAround } from './core/plane.ts'
import { streetGraph } from './core/street-graph.ts'
import { cutTiles, maxZoom, minZoom } from './cut-tiles.ts'
import { generatorVersion } from './generator-version.ts'
import { type CityOrder, holdsCity } from './kept-city.ts'
import { blobName, indexName, packTiles } from './tile-pack.ts'

const cityName = 'Waterstad'
const cityNameZh = '水城'
const readableByAllMode = 0o755
/** How far past the city's radius the box of `city.json` and the tiles reach, as factors of the radius. */
const boxFactor = 1.06
const tilesFactor = 2.4

/**
 * Makes a city in a folder beside `out` and moves it into place in one step, so that a reader never sees half of
 * one. Returns 'kept' without work if `out` already holds this very city. One line per step goes to `report`.
 */
export function writeCity(order: CityOrder, report: (line: string) => void): 'made' | 'kept' {
  const out = resolve(order.out)
  if (holdsCity(order)) return 'kept'
  refuseToReplaceOthers(out)
  const origin = defaultCentre
  const plan = planCity(order.seed, order.radiusM, report)
  const streets = streetGraph(plan.streets, order.seed, origin)
  report(`street graph: ${streets.nodes.length} nodes, ${streets.edges.length} edges`)
  const places = findPlaces(plan, streets, origin)
  report(`${places.homes.length} home nodes, ${places.work.length} work nodes, ${places.hotspots.length} hotspots`)
  const tiles = packTiles(
    cutTiles(mapLayers(plan, cityName, cityNameZh, origin), boxAround(order.radiusM * tilesFactor)),
  )
  report(`${Object.keys(tiles.index.tiles).length} tiles, ${Math.round(tiles.blob.length / 1024)} KiB`)
  const city: CityFile = {
    name: cityName,
    seed: order.seed,
    generatorVersion,
    radiusM: order.radiusM,
    bbox: boxAround(order.radiusM * boxFactor),
    centre: { ...origin },
    timeZone: 'Europe/Amsterdam',
    minZoom,
    maxZoom,
  }

  mkdirSync(dirname(out), { recursive: true })
  const fresh = mkdtempSync(join(dirname(out), `.${basename(out)}-`))
  try {
    mkdirSync(join(fresh, 'tiles'))
    writeFileSync(join(fresh, 'tiles', indexName), JSON.stringify(tiles.index))
    writeFileSync(join(fresh, 'tiles', blobName), tiles.blob)
    writeFileSync(join(fresh, 'streets.json'), JSON.stringify(streets))
    writeFileSync(join(fresh, 'places.json'), JSON.stringify(places))
    writeFileSync(join(fresh, 'city.json'), JSON.stringify(city))
    chmodSync(fresh, readableByAllMode)
    rmSync(out, { recursive: true, force: true })
    renameSync(fresh, out)
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true })
    throw error
  }
  return 'made'
}

/** Making a city deletes what was at its place: only an older city or an empty folder may go. */
function refuseToReplaceOthers(out: string): void {
  if (!existsSync(out) || existsSync(join(out, 'city.json')) || readdirSync(out).length === 0) return
  throw new Error(`${out} holds something that is not a city; choose another folder`)
}

function boxAround(reachM: number): [number, number, number, number] {
  const { toLonLat } = planeAround(defaultCentre)
  return [...toLonLat([-reachM, -reachM]), ...toLonLat([reachM, reachM])]
}
