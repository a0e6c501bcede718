import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AlarmKind } from '../../../contracts/live/alarm-kinds.ts'
import { epochMs } from '../../../contracts/units.ts'
import {
  areShortTrips,
  calmUntil,
  isLongTrip,
  isOwnOutage,
  judge,
  type Surroundings,
  type WatchedBike,
  type WatchedKind,
  type WatchedTrip,
  watchedKinds,
} from './alarm-rules.ts'
import { usualAlarmSettings } from './alarm-settings.ts'

const start = 1_900_000_000_000
const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs
const ago = (ms: number) => epochMs(start - ms)
const street = { lon: 5.12, lat: 52.09 }
const north = (metres: number) => ({ lon: street.lon, lat: street.lat + metres / 111_195 })
const open = (...kinds: AlarmKind[]): ReadonlySet<AlarmKind> => new Set(kinds)

const world: Surroundings = { nowMs: epochMs(start), listeningSinceMs: ago(10 * dayMs), settings: usualAlarmSettings }
const well: WatchedBike = {
  ...{ inService: true, custody: null, trip: null, soc: 80, lastHeardAtMs: ago(minuteMs), outsideM: 0 },
  ...{ position: { ...street, accuracyM: 5 }, anchor: { ...street, accuracyM: 5, atMs: ago(hourMs) } },
  ...{ open: open(), notFoundTwice: false, silentAfterMs: 0 },
}
const at = (metres: number, accuracyM: number | null = 5) => ({ position: { ...north(metres), accuracyM } })

const saving = { soc: 20, silentAfterMs: 2 * hourMs }
const critical = { soc: 8, silentAfterMs: 4 * dayMs }

type Row = readonly [
  name: string,
  kind: WatchedKind,
  change: Partial<WatchedBike>,
  is: string,
  world?: Partial<Surroundings>,
]
const rows: readonly Row[] = [
  ['a full battery', 'low_battery', { soc: 20 }, 'off'],
  ['a low battery', 'low_battery', { soc: 19 }, 'on'],
  ['a low battery that was never told', 'low_battery', { soc: null }, 'unknown'],
  ['a battery that came back a little', 'low_battery', { soc: 22, open: open('low_battery') }, 'on'],
  ['a battery that was charged', 'low_battery', { soc: 25, open: open('low_battery') }, 'off'],
  ['a low battery in the workshop', 'low_battery', { soc: 3, inService: false }, 'off'],

  ['a lock that was heard', 'silent', { lastHeardAtMs: ago(20 * minuteMs) }, 'off'],
  ['a lock that is silent', 'silent', { lastHeardAtMs: ago(21 * minuteMs) }, 'on'],
  ['a lock that never spoke', 'silent', { lastHeardAtMs: null }, 'off'],
  ['silence in a van', 'silent', { lastHeardAtMs: ago(dayMs), custody: 'in_van' }, 'unknown'],
  ['silence of a claimed bike', 'silent', { lastHeardAtMs: ago(dayMs), custody: 'claimed' }, 'on'],
  ['silence in the workshop', 'silent', { lastHeardAtMs: ago(dayMs), inService: false }, 'off'],
  ['silence on a ride', 'silent', { lastHeardAtMs: ago(hourMs), trip: 'riding' }, 'on'],
  [
    'silence while nobody listened',
    'silent',
    { lastHeardAtMs: ago(hourMs) },
    'unknown',
    { listeningSinceMs: ago(minuteMs) },
  ],
  ['a word from after now', 'silent', { lastHeardAtMs: epochMs(start + hourMs) }, 'off'],

  ['an hour of silence of a lock that saves power', 'silent', { ...saving, lastHeardAtMs: ago(hourMs) }, 'off'],
  ['hours of silence of a lock that saves power', 'silent', { ...saving, lastHeardAtMs: ago(3 * hourMs) }, 'on'],
  ['silence of a battery that went flat', 'silent', { soc: 2, lastHeardAtMs: ago(9 * dayMs) }, 'off'],

  [
    'a day of silence of a lock that speaks once a day',
    'lost',
    { ...critical, lastHeardAtMs: ago(25 * hourMs) },
    'off',
  ],
  ['five days of silence of one', 'lost', { ...critical, lastHeardAtMs: ago(5 * dayMs) }, 'on'],
  ['days of silence of a battery that went flat', 'lost', { soc: 1, lastHeardAtMs: ago(9 * dayMs) }, 'unknown'],
  ['a flat bike that crews do not find', 'lost', { soc: 1, lastHeardAtMs: ago(dayMs), notFoundTwice: true }, 'on'],
  ['a stolen bike that falls silent', 'lost', { lastHeardAtMs: ago(hourMs), open: open('stolen') }, 'on'],

  ['a bike that nobody stole', 'stolen', at(500), 'unknown'],
  ['a stolen bike far away', 'stolen', { ...at(500), open: open('stolen') }, 'unknown'],
  ['a stolen bike that stands where it was left', 'stolen', { ...at(12), open: open('stolen') }, 'off'],
  [
    'a stolen bike that is ridden past where it was left',
    'stolen',
    { position: { ...north(2), accuracyM: 5, speedMps: 5 }, open: open('stolen') },
    'unknown',
  ],
  ['a stolen bike in a van of ours', 'stolen', { ...at(500), custody: 'in_van', open: open('stolen') }, 'off'],
  ['a stolen bike, told as moved too', 'moved_without_trip', { ...at(500), open: open('stolen') }, 'off'],

  ['a day of silence', 'lost', { lastHeardAtMs: ago(25 * hourMs) }, 'on'],
  ['half a day of silence', 'lost', { lastHeardAtMs: ago(12 * hourMs) }, 'unknown'],
  ['silence after it moved', 'lost', { lastHeardAtMs: ago(hourMs), open: open('moved_without_trip') }, 'on'],
  ['a bike that speaks', 'lost', { open: open('lost', 'moved_without_trip') }, 'off'],
  ['a bike that two crews did not find', 'lost', { notFoundTwice: true }, 'on'],
  ['a lost bike in a van', 'lost', { notFoundTwice: true, custody: 'in_van' }, 'off'],

  ['a bike where it was left', 'moved_without_trip', at(150), 'off'],
  ['a bike a little further, within the accuracies', 'moved_without_trip', at(208), 'unknown'],
  ['a bike that moved', 'moved_without_trip', at(215), 'on'],
  ['a bike that moved by a poor fix', 'moved_without_trip', at(260, 80), 'unknown'],
  ['a bike that moved by a fix without accuracy', 'moved_without_trip', at(235, null), 'on'],
  ['a bike that is ridden', 'moved_without_trip', { ...at(900), trip: 'riding' }, 'off'],
  ['a paused ride', 'moved_without_trip', { ...at(900), trip: 'paused' }, 'off'],
  ['a bike in a van', 'moved_without_trip', { ...at(900), custody: 'in_van' }, 'off'],
  ['a bike that a crew has claimed', 'moved_without_trip', { ...at(900), custody: 'claimed' }, 'off'],
  ['a bike whose place nobody knows', 'moved_without_trip', { position: null }, 'unknown'],
  ['a bike that was just left', 'moved_without_trip', { ...at(900), anchor: null }, 'unknown'],

  ['a bike that may stand there', 'outside_zone', { outsideM: 0 }, 'off'],
  ['a bike just over the line', 'outside_zone', { outsideM: 24 }, 'unknown'],
  ['a bike beyond the line', 'outside_zone', { outsideM: 26 }, 'on'],
  ['a bike beyond the line by a poor fix', 'outside_zone', { outsideM: 300, ...at(0, 90) }, 'unknown'],
  ['a bike that is ridden beyond the line', 'outside_zone', { outsideM: 300, trip: 'riding' }, 'off'],
  ['a workshop beyond the line', 'outside_zone', { outsideM: 300, inService: false }, 'off'],
  ['a place that was not looked at yet', 'outside_zone', { outsideM: null }, 'unknown'],

  ['a bike of yesterday', 'not_moved', { anchor: { ...street, accuracyM: 5, atMs: ago(dayMs) } }, 'off'],
  ['a bike of last week', 'not_moved', { anchor: { ...street, accuracyM: 5, atMs: ago(7 * dayMs) } }, 'on'],
  [
    'a bike of last week in the workshop',
    'not_moved',
    { inService: false, anchor: { ...street, accuracyM: 5, atMs: ago(9 * dayMs) } },
    'off',
  ],
]

describe('the rules', () => {
  for (const [name, kind, change, is, other = {}] of rows) {
    it(`say of ${name}: ${kind} is ${is}`, () => {
      expect(judge(kind, { ...well, ...change }, { ...world, ...other }).is).toBe(is)
    })
  }

  it('say nothing of a bike that is well', () => {
    for (const kind of watchedKinds) expect(judge(kind, well, world).is).not.toBe('on')
  })

  it.each(watchedKinds)('say nothing when %s is switched off', (kind) => {
    const settings = { ...usualAlarmSettings, off: [...watchedKinds] }
    const bad: WatchedBike = { ...well, ...at(5_000), soc: 1, lastHeardAtMs: ago(3 * dayMs), outsideM: 900 }
    expect(judge(kind, bad, { ...world, settings })).toEqual({ is: 'off' })
  })

  it('call a very low battery worse', () => {
    expect(judge('low_battery', { ...well, soc: 9 }, world)).toMatchObject({
      severity: 'warning',
      detail: { percent: 9 },
    })
    expect(judge('low_battery', { ...well, soc: 10 }, world)).toMatchObject({ severity: 'notice' })
  })

  it('never fail, and never raise and end at once, whatever a clock or a fix says', () => {
    const times = fc.integer({ min: -1e13, max: 1e13 }).map(epochMs)
    const bikes = fc.record({
      ...{
        inService: fc.boolean(),
        notFoundTwice: fc.boolean(),
        open: fc.constantFrom(open(), open('silent', 'lost')),
      },
      custody: fc.constantFrom('claimed' as const, 'in_van' as const, null),
      trip: fc.constantFrom('promised' as const, 'riding' as const, 'paused' as const, null),
      soc: fc.option(fc.integer({ min: 0, max: 100 })),
      lastHeardAtMs: fc.option(times),
      position: fc.option(
        fc.record({
          lon: fc.double({ min: -180, max: 180, noNaN: true }),
          lat: fc.double({ min: -85, max: 85, noNaN: true }),
          accuracyM: fc.option(fc.nat(100_000)),
        }),
      ),
      anchor: fc.constantFrom(null, { ...street, accuracyM: 5, atMs: ago(dayMs) }),
      outsideM: fc.option(fc.double({ min: 0, max: 1e6, noNaN: true })),
      silentAfterMs: fc.constantFrom(0, 2 * hourMs),
    })
    fc.assert(
      fc.property(bikes, times, times, fc.constantFrom(...watchedKinds), (bike, nowMs, listeningSinceMs, kind) => {
        const verdict = judge(kind, bike, { nowMs, listeningSinceMs, settings: usualAlarmSettings })
        expect(['on', 'off', 'unknown']).toContain(verdict.is)
        if (bike.custody === 'in_van') expect(kind === 'low_battery' || verdict.is !== 'on').toBe(true)
      }),
    )
  })

  it('say the same of a bike until it says itself that they may say something else', () => {
    const bikes = fc.record({
      lastHeardAtMs: fc.option(fc.integer({ min: 0, max: 30 * dayMs }).map(ago)),
      anchor: fc.option(
        fc.integer({ min: 0, max: 20 * dayMs }).map((ms) => ({ ...street, accuracyM: 5, atMs: ago(ms) })),
      ),
      open: fc.constantFrom(open(), open('moved_without_trip')),
    })
    fc.assert(
      fc.property(
        bikes,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.constantFrom(...watchedKinds),
        (change, part, kind) => {
          const bike = { ...well, ...change }
          const untilMs = calmUntil(bike, world)
          const nowMs = epochMs(start + Math.floor((untilMs - 1 - start) * part))
          expect(judge(kind, bike, { ...world, nowMs }).is).toBe(judge(kind, bike, world).is)
        },
      ),
    )
  })

  it('take a fleet that falls silent at once for an outage of our own', () => {
    expect(isOwnOutage(20, 60)).toBe(false)
    expect(isOwnOutage(21, 60)).toBe(true)
    expect(isOwnOutage(2_900, 10_000)).toBe(false)
    expect(isOwnOutage(3_100, 10_000)).toBe(true)
  })
})

const ride: WatchedTrip = {
  ...{ state: 'riding', startedAtMs: ago(5 * hourMs), endedAtMs: null, allowedUntilMs: null },
  ...{ wasFreeExit: false, apartM: null },
}

describe('a ride', () => {
  it('is long after four hours, unless it is paused or staff let it last', () => {
    expect(isLongTrip(ride, world)).toBe(true)
    expect(isLongTrip({ ...ride, startedAtMs: ago(3 * hourMs) }, world)).toBe(false)
    expect(isLongTrip({ ...ride, state: 'paused' }, world)).toBe(false)
    expect(isLongTrip({ ...ride, allowedUntilMs: epochMs(start + hourMs) }, world)).toBe(false)
    expect(isLongTrip({ ...ride, allowedUntilMs: ago(1) }, world)).toBe(true)
    expect(isLongTrip({ ...ride, endedAtMs: ago(0) }, world)).toBe(false)
  })

  const short: WatchedTrip = {
    ...{ ...ride, state: 'charged', apartM: 40 },
    ...{ startedAtMs: ago(10 * minuteMs), endedAtMs: ago(9 * minuteMs) },
  }
  const exit = { ...short, startedAtMs: ago(13 * minuteMs), wasFreeExit: true, apartM: 400 }
  it.each([
    ['three that were given up', [short, short, exit], true],
    ['two of them', [short, exit], false],
    ['one that was ridden', [short, { ...short, startedAtMs: ago(30 * minuteMs) }, exit], false],
    ['a quick one that went somewhere', [short, short, { ...short, apartM: 450 }], false],
    ['an old one that was ridden', [short, short, short, ride], true],
  ] as const)('is short with %s: in a row', (_name, trips, are) => {
    expect(areShortTrips(trips, usualAlarmSettings)).toBe(are)
  })
})
