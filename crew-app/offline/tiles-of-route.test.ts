import { describe, expect, it } from 'vitest'
import type { CrewRoute } from '../../contracts/http/crews.ts'
import { tileAt } from '../../ui-kit/offline/map-tiles.ts'
import { tilesOfRoute } from './tiles-of-route.ts'

const stopAt = (lon: number, lat: number) => ({ lon, lat, take: [] }) as unknown as CrewRoute['stops'][number]
const night = {
  depot: { name: 'Depot', lon: 4.75, lat: 52.37 },
  stops: [stopAt(4.7262, 52.3586), stopAt(4.69, 52.34), stopAt(4.75, 52.37)],
}
const name = ({ z, x, y }: { z: number; x: number; y: number }) => `${z}/${x}/${y}`

describe('the map of a night', () => {
  it('knows the tile of a place', () => {
    // osm wiki's own example
    expect(tileAt({ lon: 10, lat: 50 }, 3)).toEqual({ z: 3, x: 4, y: 2 })
  })
  it('has every stop with what is around it, at every zoom that there is', () => {
    const names = new Set(tilesOfRoute(night, { min: 8, max: 15 }).map(name))
    for (const z of [12, 13, 14, 15]) {
      for (const stop of night.stops) {
        const { x, y } = tileAt(stop, z)
        for (const tile of [
          { z, x, y },
          { z, x: x + 1, y },
          { z, x, y: y - 1 },
        ])
          expect(names).toContain(name(tile))
      }
    }
    expect([...names].some((one) => one.startsWith('16/') || one.startsWith('11/'))).toBe(false)
  })
  it('has the way between two stops', () => {
    const names = tilesOfRoute(night, { min: 8, max: 15 }).map(name)
    expect(names).toContain(name(tileAt({ lon: 4.708, lat: 52.349 }, 15)))
  })
  it('is bounded, names no tile twice, and loses the way before the stops', () => {
    const far = {
      ...night,
      stops: Array.from({ length: 60 }, (_, n) => stopAt(4.6 + n * 0.005, 52.3 + (n % 7) * 0.02)),
    }
    const tiles = tilesOfRoute(far, { min: 8, max: 16 }, 600)
    expect(tiles).toHaveLength(600)
    expect(new Set(tiles.map(name)).size).toBe(600)
    const names = new Set(tiles.map(name))
    expect(far.stops.every((stop) => names.has(name(tileAt(stop, 16))))).toBe(true)
  })
})
