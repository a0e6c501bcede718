import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Drawing, LonLat } from './drawing.ts'
import { hitOf, middlesOf, snapped, unplaceOf } from './on-screen.ts'

/** A map as an engine shows it: its middle, its zoom and how it is turned. */
const mapAt = ([lon, lat]: LonLat, zoom: number, turn = 0) => {
  const world = 512 * 2 ** zoom
  const mercator = (at: { lon: number; lat: number }) => ({
    x: ((at.lon + 180) / 360) * world,
    y: ((1 - Math.asinh(Math.tan((at.lat * Math.PI) / 180)) / Math.PI) / 2) * world,
  })
  const middle = mercator({ lon, lat })
  return (at: { lon: number; lat: number }) => {
    const [dx, dy] = [mercator(at).x - middle.x, mercator(at).y - middle.y]
    return { x: 400 + dx * Math.cos(turn) - dy * Math.sin(turn), y: 300 + dx * Math.sin(turn) + dy * Math.cos(turn) }
  }
}
const number = (min: number, max: number) => fc.double({ min, max, noNaN: true })

it('finds back every place from where it is on the screen', () => {
  fc.assert(
    fc.property(
      fc.tuple(number(-170, 170), number(-70, 70)),
      number(10, 18.5),
      number(0, 6.28),
      fc.record({ x: number(0, 800), y: number(0, 600) }),
      (middle, zoom, turn, at) => {
        const place = mapAt(middle, zoom, turn)
        const [lon, lat] = unplaceOf(place)(at)
        const back = place({ lon, lat })
        expect(Math.hypot(back.x - at.x, back.y - at.y)).toBeLessThan(0.1)
      },
    ),
  )
})

describe('under the pointer', () => {
  const place = ({ lon, lat }: { lon: number; lat: number }) => ({ x: lon * 10, y: lat * 10 })
  const drawing: Drawing = {
    kind: 'area',
    polygons: [
      [
        [
          [0, 0],
          [20, 0],
          [20, 20],
          [19, 20],
        ],
      ],
    ],
  }

  it('is the nearest corner, else the middle of a long side, else nothing', () => {
    expect(hitOf(drawing, place, { x: 197, y: 197 })).toEqual({ kind: 'vertex', vertex: { ring: 0, vertex: 2 } })
    expect(hitOf(drawing, place, { x: 188, y: 200 })).toEqual({ kind: 'vertex', vertex: { ring: 0, vertex: 3 } })
    expect(hitOf(drawing, place, { x: 103, y: 4 })).toEqual({ kind: 'middle', after: { ring: 0, vertex: 0 } })
    expect(hitOf(drawing, place, { x: 60, y: 60 })).toBeNull()
    expect(middlesOf(drawing, place).map(({ after }) => after.vertex)).toEqual([0, 1, 3])
  })

  it('is the centre of a circle', () => {
    const circle: Drawing = { kind: 'circle', centre: [5, 5], radiusM: 30 }
    expect(hitOf(circle, place, { x: 55, y: 45 })).toMatchObject({ kind: 'vertex' })
    expect(hitOf(circle, place, { x: 90, y: 45 })).toBeNull()
  })

  it('draws a corner to a neighbour that is near enough', () => {
    const corners = [
      [5, 5],
      [6, 5],
    ] as const
    expect(snapped(corners, place, { x: 57, y: 50 }, 10)).toEqual([6, 5])
    expect(snapped(corners, place, { x: 75, y: 50 }, 10)).toBeNull()
  })
})
