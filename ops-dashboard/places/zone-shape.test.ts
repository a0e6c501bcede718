import { expect, it } from 'vitest'
import { centreOf, drawableFeatures } from './zone-shape.ts'

const square = {
  type: 'Polygon',
  coordinates: [
    [
      [4, 52],
      [5, 52],
      [5, 53],
      [4, 53],
      [4, 52],
    ],
  ],
} as const

it('looks at the middle of a zone', () => {
  expect(centreOf({ geometry: square } as never)).toEqual({ lon: 4.5, lat: 52.5 })
  expect(centreOf({ geometry: { type: 'Point', coordinates: [4.7, 52.3] } } as never)).toEqual({ lon: 4.7, lat: 52.3 })
})

it('draws of a strange file only what can be drawn', () => {
  const feature = (geometry: unknown) => ({ type: 'Feature', properties: null, geometry })
  const file = {
    features: [
      feature(square),
      feature({ type: 'Polygon', coordinates: [[['4', 52]]] }),
      feature({ type: 'Point', coordinates: [999, 1] }),
      feature({ type: 'LineString', coordinates: [[4, 52]] }),
      feature(null),
      null,
      7,
    ],
  }
  expect(drawableFeatures(file)).toHaveLength(1)
  for (const nonsense of [null, 'text', [], { features: 3 }]) expect(drawableFeatures(nonsense)).toEqual([])
})
