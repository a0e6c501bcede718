import { describe, expect, it } from 'vitest'
import type { Drawing } from './drawing.ts'
import { emptyArea } from './drawing.ts'
import { faultsOf, featureFrom, formOf, isWhole, newForm, type ZoneForm } from './zone-form-state.ts'

const circle: Drawing = { kind: 'circle', centre: [4.7, 52.3], radiusM: 40 }
const form = (more: Partial<ZoneForm> = {}): ZoneForm => ({ ...newForm('hotspot'), name: 'Station', ...more })

describe('the form of a zone', () => {
  it.each([
    ['nothing', {}, []],
    ['a name', { name: '  ' }, [{ field: 'name', why: 'missing' }]],
    ['a capacity', { capacity: '' }, [{ field: 'capacity', why: 'missing' }]],
    ['a whole number', { capacity: '2.5' }, [{ field: 'capacity', why: 'range' }]],
    ['a number', { minBikes: 'few' }, [{ field: 'minBikes', why: 'range' }]],
    ['room for what it wants', { maxBikes: '21' }, [{ field: 'maxBikes', why: 'above_capacity' }]],
    ['a least below its most', { minBikes: '9', maxBikes: '8' }, [{ field: 'minBikes', why: 'least_above_most' }]],
  ] as const)('misses %s', (_, more, faults) => {
    expect(faultsOf(form(more))).toEqual(faults)
  })

  it('asks a slow zone for its speed and other zones for a name only', () => {
    expect(faultsOf({ ...newForm('slow'), name: 'Quay', maxSpeedKmh: '30' })).toEqual([
      { field: 'maxSpeedKmh', why: 'range' },
    ])
    expect(faultsOf({ ...newForm('no_ride'), name: 'Park', capacity: 'x' })).toEqual([])
  })

  it('becomes what the server is asked, and the form again', () => {
    const feature = featureFrom(form({ minBikes: '3' }), circle)
    expect(feature).toMatchObject({
      geometry: { type: 'Point', coordinates: [4.7, 52.3] },
      properties: { kind: 'hotspot', name: 'Station', radiusM: 40, capacity: 20, minBikes: 3 },
    })
    expect(feature && formOf(feature)).toEqual(form({ minBikes: '3' }))
  })

  it('lets the shape be looked at before there is a name, and is not whole then', () => {
    expect(featureFrom(form({ name: '' }), circle)?.properties.name).toBe('…')
    expect(isWhole(form({ name: '' }), circle)).toBe(false)
    expect(isWhole(form(), circle)).toBe(true)
    expect(featureFrom(form(), emptyArea)).toBeNull()
  })
})
