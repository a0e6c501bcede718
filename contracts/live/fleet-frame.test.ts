import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bikeStates } from './bike-states.ts'
import {
  headingByte,
  headingOfByte,
  latOfMercatorY,
  lonOfMercatorX,
  mercatorX,
  mercatorY,
  stateByte,
  stateOfByte,
} from './fleet-frame.ts'

describe('a position in a frame', () => {
  it('is exact to a centimetre anywhere a bike may be', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -180, max: 180, noNaN: true }),
        fc.double({ min: -85, max: 85, noNaN: true }),
        (lon, lat) => {
          const metresPerDegree = 111_320
          const east = Math.abs(lonOfMercatorX(mercatorX(lon)) - lon) * metresPerDegree
          const north = Math.abs(latOfMercatorY(mercatorY(lat)) - lat) * metresPerDegree
          expect(Math.max(east, north)).toBeLessThan(0.01)
        },
      ),
    )
  })

  it('north is up: y falls with the latitude', () => {
    expect(mercatorY(60)).toBeLessThan(mercatorY(50))
    expect(mercatorX(5)).toBeGreaterThan(mercatorX(4))
    expect([mercatorX(-200), mercatorX(200)]).toEqual([0, 4_294_967_295])
  })
})

describe('a byte of a frame', () => {
  it('keeps a heading to 0.71 degrees, round the circle', () => {
    fc.assert(
      fc.property(fc.double({ min: -720, max: 720, noNaN: true }), (degrees) => {
        const off = Math.abs(headingOfByte(headingByte(degrees)) - (((degrees % 360) + 360) % 360))
        expect(Math.min(off, 360 - off)).toBeLessThan(0.71)
      }),
    )
  })

  it('names every state, and takes an unknown one for an available bike', () => {
    for (const state of bikeStates) expect(stateOfByte(stateByte(state))).toBe(state)
    expect(stateOfByte(200)).toBe('available')
  })
})
