import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Type } from 'typebox'
import { Value } from 'typebox/value'
import { CrewAct } from '../../contracts/http/crews.ts'
import { BikeNumberSchema, LockIdSchema } from '../../contracts/ids.ts'
import { Latitude, Longitude } from '../../contracts/units.ts'

const SavedBike = Type.Object({
  lockId: LockIdSchema,
  lon: Longitude,
  lat: Latitude,
  isLocked: Type.Boolean(),
  batteryPercent: Type.Number({ minimum: 0, maximum: 100 }),
  /** A rider who was on it, and the street node this rider was on the way to. */
  rider: Type.Union([
    Type.Object({ index: Type.Integer({ minimum: 0 }), toNode: Type.Integer({ minimum: 0 }) }),
    Type.Null(),
  ]),
})
export type SavedBike = Type.Static<typeof SavedBike>
const SavedCrew = Type.Object({
  index: Type.Integer({ minimum: 0, maximum: 1_000 }),
  lon: Longitude,
  lat: Latitude,
  /** Whether the van has left the depot once, so that the place means something. */
  isSomewhere: Type.Boolean(),
  /** Numbers of the bikes in the van; they stand where the van is. */
  carries: Type.Array(BikeNumberSchema, { maxItems: 100 }),
  /** What the server has not been told yet. */
  acts: Type.Array(CrewAct, { maxItems: 10_000 }),
})
export type SavedCrew = Type.Static<typeof SavedCrew>
const SavedCity = Type.Object({
  version: Type.Literal(1),
  seed: Type.String(),
  /** How often the city was started on this folder. */
  run: Type.Integer({ minimum: 0, maximum: 1_000_000_000 }),
  bikes: Type.Array(SavedBike, { maxItems: 10_000 }),
  /** Missing in what a city without crews has saved. */
  crews: Type.Optional(Type.Array(SavedCrew, { maxItems: 1_000 })),
})
export type SavedCity = Type.Static<typeof SavedCity>

const fileName = 'bikes.json'

/** What an earlier process left; a fresh start when there is nothing, or nothing of this seed. Throws on a torn file. */
export function loadCity(folder: string, seed: string): SavedCity {
  const fresh: SavedCity = { version: 1, seed, run: 0, bikes: [] }
  let text: string
  try {
    text = readFileSync(join(folder, fileName), 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return fresh
    throw error
  }
  const saved = Value.Parse(SavedCity, JSON.parse(text))
  // Another seed is another fleet; the count of starts goes on.
  return saved.seed === seed ? saved : { ...fresh, run: saved.run }
}

/** Whole or not at all: written beside and then renamed. */
export function saveCity(folder: string, city: SavedCity): void {
  mkdirSync(folder, { recursive: true })
  const path = join(folder, fileName)
  writeFileSync(`${path}.new`, JSON.stringify(city))
  renameSync(`${path}.new`, path)
}
