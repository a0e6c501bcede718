import { describe, expect, it } from 'vitest'
import { drivableWay, isBarrier, type OsmTags } from './drivable-way.ts'

const residential = { highway: 'residential' }

describe('an OpenStreetMap way', () => {
  const directions: readonly (readonly [OsmTags, string | null])[] = [
    [{}, 'both'],
    [{ oneway: 'yes' }, 'forward'],
    [{ oneway: '1' }, 'forward'],
    [{ oneway: '-1' }, 'backward'],
    [{ oneway: 'no', junction: 'roundabout' }, 'both'],
    [{ junction: 'roundabout' }, 'forward'],
    [{ junction: 'circular' }, 'forward'],
    [{ highway: 'motorway' }, 'forward'],
    [{ oneway: 'reversible' }, null],
  ]
  it.each(directions)('tagged %o is driven %s', (tags, direction) => {
    expect(drivableWay({ ...residential, ...tags })?.direction ?? null).toBe(direction)
  })

  const open: readonly (readonly [OsmTags, boolean])[] = [
    [{ access: 'private' }, false],
    [{ access: 'no', motor_vehicle: 'yes' }, true],
    [{ motor_vehicle: 'no' }, false],
    [{ access: 'yes', vehicle: 'no' }, false],
    [{ vehicle: 'no', motorcar: 'destination' }, true],
    [{ access: 'delivery' }, true],
    [{ access: 'what is this' }, true],
    [{ service: 'driveway', highway: 'service' }, false],
    [{ service: 'alley', highway: 'service' }, true],
    [{ area: 'yes' }, false],
    [{ highway: 'footway' }, false],
    [{ highway: 'construction' }, false],
    [{ highway: 'constructor' }, false],
  ]
  it.each(open)('tagged %o is open to a van: %s', (tags, isOpen) => {
    expect(drivableWay({ ...residential, ...tags }) !== null).toBe(isOpen)
  })

  const speeds: readonly (readonly [OsmTags, number])[] = [
    [{}, 21],
    [{ maxspeed: '20' }, 14],
    [{ maxspeed: '50' }, 21],
    [{ maxspeed: '15 mph' }, 16.9],
    [{ maxspeed: 'NO:urban' }, 21],
    [{ maxspeed: '0' }, 21],
    [{ maxspeed: '5' }, 5],
    [{ maxspeed: 'walk' }, 5],
    [{ highway: 'motorway', maxspeed: 'none' }, 80],
  ]
  it.each(speeds)('tagged %o is driven at %d km/h', (tags, kmh) => {
    expect(drivableWay({ ...residential, ...tags })?.kmh).toBeCloseTo(kmh, 1)
  })
})

describe('a barrier', () => {
  const barriers: readonly (readonly [OsmTags, boolean])[] = [
    [{}, false],
    [{ barrier: 'bollard' }, true],
    [{ barrier: 'bollard', motor_vehicle: 'yes' }, false],
    [{ barrier: 'gate' }, false],
    [{ barrier: 'gate', access: 'private' }, true],
    [{ barrier: 'kerb' }, false],
  ]
  it.each(barriers)('tagged %o stops a van: %s', (tags, stops) => {
    expect(isBarrier(tags)).toBe(stops)
  })
})
