import { expect, it } from 'vitest'
import { asId, type BikeId } from '../../contracts/ids.ts'
import type { AlarmKind, AlarmSeverity } from '../../contracts/live/alarm-kinds.ts'
import { epochMs } from '../../contracts/units.ts'
import { unheardLock } from '../fleet/core/lock-shadow.ts'
import type { FleetBike } from '../fleet/fleet-service.ts'
import { usualAlarmSettings } from './core/alarm-settings.ts'
import { createFleetWatch } from './fleet-watch.ts'

const startMs = 1_900_000_000_000
const minuteMs = 60_000
const bikeId = asId<BikeId>('019a8f3a-5b7c-7d21-9c41-5f0b8a6e2d10')

/** A bike in the street that was never left anywhere on purpose, and is heard where it is now. */
const bikeAt = (minutes: number) => {
  const fix = {
    lat: 52.36,
    lon: 4.73,
    accuracyM: 5,
    headingDeg: 0,
    speedMps: 0,
    bootId: 3,
    uptimeMs: minutes * minuteMs,
  }
  const heardAtMs = epochMs(startMs + minutes * minuteMs)
  const shadow = { ...unheardLock, bolt: 'locked', position: fix, stateUptimeMs: 1, lastHeardAtMs: heardAtMs }
  return { ...{ bikeId, shadow, trip: null, custody: null, inService: true } } as unknown as FleetBike
}

/** What is told of it within two hours with this alarm open, and where it is thought to belong then. */
function watched(open: ReadonlyMap<AlarmKind, AlarmSeverity>) {
  const watch = createFleetWatch({ open: { of: () => open }, anchors: new Map(), listeningSinceMs: epochMs(startMs) })
  const known = { rules: null, notFoundTwice: new Set<BikeId>(), retired: new Set<BikeId>() }
  const told: string[] = []
  for (let minutes = 1; minutes <= 120; minutes += 5) {
    const world = { nowMs: epochMs(startMs + minutes * minuteMs), settings: usualAlarmSettings }
    for (const { kind, verdict } of watch.look([bikeAt(minutes)], world, known).orders)
      told.push(`${kind} ${verdict.is}`)
  }
  return { told, belongs: watch.standsSince(bikeId) !== null }
}

it('a bike that is stolen does not belong where the thief has put it down: its alarm stays', () => {
  expect(watched(new Map([['stolen', 'urgent']]))).toEqual({ told: [], belongs: false })
})

it('another one belongs where it stands', () => {
  expect(watched(new Map())).toEqual({ told: [], belongs: true })
})
