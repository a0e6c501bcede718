import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { asId, type BikeNumber } from '../../contracts/ids.ts'
import { lockRandom } from './lock-random.ts'
import { loadCity, type SavedCity, saveCity } from './saved-city.ts'

const folder = mkdtempSync(join(tmpdir(), 'zwerm-city-'))
afterAll(() => rmSync(folder, { recursive: true }))

const city: SavedCity = {
  version: 1,
  seed: 's',
  run: 4,
  bikes: [
    { lockId: 'zw-00000001', lon: 4.7, lat: 52.3, isLocked: false, batteryPercent: 70, rider: { index: 3, toNode: 9 } },
  ],
  crews: [{ index: 0, lon: 4.7, lat: 52.3, isSomewhere: true, carries: [asId<BikeNumber>('1000')], acts: [] }],
}

describe('the saved city', () => {
  it('is read as it was written; another seed keeps only the count of runs', () => {
    const own = join(folder, 'own')
    expect(loadCity(own, 's')).toEqual({ version: 1, seed: 's', run: 0, bikes: [] })
    saveCity(own, city)
    expect(loadCity(own, 's')).toEqual(city)
    expect(loadCity(own, 'other')).toEqual({ version: 1, seed: 'other', run: 4, bikes: [] })
  })

  it('is not guessed when its file is spoilt', () => {
    writeFileSync(join(folder, 'bikes.json'), '{"version":1')
    expect(() => loadCity(folder, 's')).toThrow()
  })
})

describe('a lock of another run', () => {
  it('has boot ids of its own', () => {
    const bytes = [1, 2, 3, 255].map((run) => lockRandom('s', 'zw-00000001', run).split('factory').integer(0, 255))
    expect(bytes).toEqual([1, 2, 3, 255])
  })
})
