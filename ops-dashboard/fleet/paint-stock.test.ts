import { expect, it } from 'vitest'
import type { ZoneFeature } from '../../contracts/http/zones.ts'
import { levelOf } from './paint-stock.ts'

const hotspot = (properties: Partial<ZoneFeature['properties']>): Pick<ZoneFeature, 'properties'> => ({
  properties: { kind: 'hotspot', name: 'Station', ...properties },
})

it.each([
  [{ capacity: 12, minBikes: 3 }, 2, 'short'],
  [{ capacity: 12, minBikes: 3 }, 3, 'fits'],
  [{ capacity: 12, minBikes: 3 }, 12, 'full'],
  [{ capacity: 12 }, 0, 'fits'],
  [{}, 40, 'fits'],
] as const)('a hotspot with %o and %i bikes is %s', (properties, bikes, level) => {
  expect(levelOf(hotspot(properties), bikes)).toBe(level)
})
