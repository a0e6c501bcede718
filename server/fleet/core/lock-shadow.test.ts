import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type {
  Acknowledgement,
  BoltEvent,
  Hello,
  LockEvent,
  PowerMode,
  Telemetry,
} from '../../../contracts/mqtt/reports.ts'
import { epochMs } from '../../../contracts/units.ts'
import {
  deadlineInUptime,
  heard,
  heartbeatOf,
  isFresh,
  keptStamps,
  type LockShadow,
  present,
  silentAfterOf,
  unheardLock,
} from './lock-shadow.ts'

const bootId = 0x2a00_0003
const sessionId = '00112233aabbccdd'
const start = 1_900_000_000_000

function hello(over: Partial<Hello> = {}): Hello {
  return {
    ...{ v: 1, b: bootId, q: 1, u: 1_000, t: 0, tq: 0, sid: sessionId, fw: '1.2.3', hw: 'a', rr: 'power', ctr: 5 },
    ...{ res: [], bolt: 'locked', soc: 80, kv: 1 },
    ...over,
  }
}
const says = (shadow: LockShadow, body: Hello, atMs: number) => heard(shadow, { kind: 'hello', body }, epochMs(atMs))
const bolt = (over: Partial<BoltEvent>): BoltEvent => ({
  ...{ v: 1, b: bootId, q: 2, u: 2_000, t: 0, tq: 0, k: 'bolt', from: 'locked', to: 'unlocked', by: 'cmd' },
  ...over,
})
const moves = (shadow: LockShadow, body: BoltEvent, atMs: number) => heard(shadow, { kind: 'evt', body }, epochMs(atMs))
const telemetry = (records: Telemetry['r'], boot = bootId): Telemetry => ({ v: 1, b: boot, r: records })

describe('a deadline in the uptime of a lock', () => {
  const journey = fc.record({
    afterMs: fc.integer({ min: 0, max: 600_000 }),
    delayMs: fc.integer({ min: 0, max: 1_200_000 }),
  })

  it('is never late, whatever the delays, the order of arrival and a drift of 100 ppm', () => {
    const world = fc.record({
      journeys: fc.array(journey, { minLength: 1, maxLength: 24 }),
      driftPpm: fc.integer({ min: -100, max: 100 }),
      bootedBeforeMs: fc.integer({ min: 0, max: 4_000_000_000 }),
      waitMs: fc.integer({ min: 0, max: 3_600_000 }),
      lifetimeMs: fc.integer({ min: 1_000, max: 600_000 }),
    })
    fc.assert(
      fc.property(world, ({ journeys, driftPpm, bootedBeforeMs, waitMs, lifetimeMs }) => {
        const uptimeAt = (atMs: number) => (atMs - start + bootedBeforeMs) * (1 + driftPpm / 1_000_000)
        let madeAtMs = start
        const arrivals = journeys
          .map(({ afterMs, delayMs }) => {
            madeAtMs += afterMs
            return { u: Math.floor(uptimeAt(madeAtMs)), atMs: madeAtMs + delayMs }
          })
          .sort((a, b) => a.atMs - b.atMs)
        const shadow = arrivals.reduce((soFar, { u, atMs }) => says(soFar, hello({ u }), atMs), unheardLock)
        const nowMs = (arrivals.at(-1)?.atMs ?? start) + waitMs
        const deadline = deadlineInUptime(shadow, epochMs(nowMs + lifetimeMs), epochMs(nowMs))
        expect(deadline).not.toBeNull()
        // 0 when the command could only come too late: the lock's uptime is past it already.
        if (deadline) expect(deadline).toBeLessThanOrEqual(uptimeAt(nowMs + lifetimeMs))
      }),
      { numRuns: 2_000 },
    )
  })

  it('follows the message that travelled fastest', () => {
    const slow = says(unheardLock, hello({ u: 1_000 }), start + 9_000)
    const fast = says(slow, hello({ u: 10_000 }), start + 10_100)
    const both = says(fast, hello({ u: 12_000 }), start + 17_000)
    const deadline = deadlineInUptime(both, epochMs(start + 25_100), epochMs(start + 17_000))
    expect(deadline).toBe(10_000 + 15_000 - 3)
  })

  it('is unknown for a lock that was never heard', () => {
    expect(deadlineInUptime(unheardLock, epochMs(start + 1), epochMs(start))).toBeNull()
  })

  it('rests on the newest stamps of this boot only', () => {
    let shadow = unheardLock
    for (let i = 0; i < 20; i++) shadow = says(shadow, hello({ u: 1_000 * i }), start + 1_000 * i)
    expect(shadow.stamps).toHaveLength(keptStamps)
    const rebooted = says(shadow, hello({ b: bootId + 1, u: 5 }), start + 30_000)
    expect(rebooted.stamps).toEqual([{ uptimeMs: 5, receivedAtMs: start + 30_000 }])
  })
})

describe('the boot that we believe a lock is in', () => {
  it('does not go back when a record of an earlier boot is replayed', () => {
    const shadow = says(unheardLock, hello(), start)
    const after = moves(shadow, bolt({ b: bootId - 1, u: 900_000 }), start + 5_000)
    expect(after).toEqual({ ...shadow, lastHeardAtMs: start + 5_000 })
  })

  it('goes on with any word of a later boot', () => {
    const after = moves(says(unheardLock, hello(), start), bolt({ b: bootId + 1, u: 10 }), start + 5_000)
    expect(after).toMatchObject({ bootId: bootId + 1, bolt: 'unlocked', lastCounter: null })
  })

  it('changes after a factory reset only by a hello', () => {
    const reset = 0x1100_0000
    const shadow = says(unheardLock, hello(), start)
    expect(moves(shadow, bolt({ b: reset }), start).bootId).toBe(bootId)
    expect(says(shadow, hello({ b: reset }), start).bootId).toBe(reset)
  })
})

describe('what we believe of a bolt', () => {
  it('is not changed by an older record that comes late', () => {
    const opened = moves(says(unheardLock, hello(), start), bolt({ u: 5_000 }), start + 5_000)
    const late = moves(opened, bolt({ u: 3_000, to: 'locked' }), start + 9_000)
    expect(late.bolt).toBe('unlocked')
  })

  it('is the newest record of a batch in whatever order it was packed', () => {
    const record = { q: 3, t: 0, tq: 0, soc: 70 }
    const batch = telemetry([
      { ...record, u: 9_000, bolt: 'locked', la: 52.1, lo: 4.3 },
      { ...record, u: 7_000, bolt: 'unlocked', la: 52.2, lo: 4.4, soc: 71 },
    ])
    const after = heard(unheardLock, { kind: 'tel', body: batch }, epochMs(start))
    expect(after).toMatchObject({ bolt: 'locked', soc: 70, position: { lat: 52.1, lon: 4.3, uptimeMs: 9_000 } })
    expect(after.stamps).toEqual([{ uptimeMs: 9_000, receivedAtMs: start }])
  })

  it('follows an acknowledgement', () => {
    const ack: Acknowledgement = {
      ...{ v: 1, b: bootId, q: 4, u: 4_000, t: 0, tq: 0, id: 'x', c: 6, st: 'done', rc: 'ok', bolt: 'unlocked' },
    }
    expect(heard(says(unheardLock, hello(), start), { kind: 'ack', body: ack }, epochMs(start)).bolt).toBe('unlocked')
  })
})

describe('presence', () => {
  it('ignores the will of a session that is over', () => {
    const online = says(unheardLock, hello(), start)
    expect(present(online, false, 'ffffffffffffffff').connected).toBe(true)
    expect(present(online, false, sessionId).connected).toBe(false)
  })
})

describe('freshness', () => {
  it('ends after three heartbeats without a word', () => {
    const shadow = says(unheardLock, hello(), start)
    expect(isFresh(shadow, epochMs(start + 900_000))).toBe(true)
    expect(isFresh(shadow, epochMs(start + 900_001))).toBe(false)
    expect(isFresh(unheardLock, epochMs(start))).toBe(false)
  })
})

describe('a lock that saves its power', () => {
  const inMode = (mode: PowerMode) => says(unheardLock, hello({ mode }), start)

  it.each([
    ['parked', 5],
    ['riding', 5],
    ['alarm', 5],
    ['low', 30],
    ['crit', 24 * 60],
    ['ship', 24 * 60],
  ] as const)('%s is expected to speak every %i minutes, and silent after four times that', (mode, minutes) => {
    expect(heartbeatOf(inMode(mode))).toBe(minutes * 60_000)
    expect(silentAfterOf(inMode(mode))).toBe(4 * minutes * 60_000)
  })

  it('is not silent between its seldom words, but asked for a sign of life before a command', () => {
    const low = inMode('low')
    const later = epochMs(start + 40 * 60_000)
    expect(later - (low.lastHeardAtMs ?? 0)).toBeLessThan(silentAfterOf(low))
    expect(isFresh(low, later)).toBe(false)
    const answered = heard(
      low,
      { kind: 'tel', body: telemetry([{ q: 9, u: 2_401_000, t: 0, tq: 0, soc: 15, bolt: 'locked', mode: 'low' }]) },
      later,
    )
    expect(isFresh(answered, later)).toBe(true)
  })

  it('that is told to speak seldom is believed longer, and never for more than two hours', () => {
    const seldom = { ...inMode('parked'), parkedHeartbeatMs: 900_000 }
    expect(isFresh(seldom, epochMs(start + 2_700_000))).toBe(true)
    expect(isFresh({ ...seldom, parkedHeartbeatMs: 3_600_000 }, epochMs(start + 7_200_001))).toBe(false)
  })
})

describe('what a lock tells of itself', () => {
  const event = (over: object, u = 5_000): LockEvent =>
    ({ v: 1, b: bootId, q: 9, u, t: 0, tq: 0, ...over }) as LockEvent
  const tells = (shadow: LockShadow, body: LockEvent, atMs = start) =>
    heard(shadow, { kind: 'evt', body }, epochMs(atMs))
  const greeted = says(
    unheardLock,
    hello({ mode: 'parked', cap: ['lock', 'imu'], cfgv: 4, net: { rat: 'ltem', rsrp: -90 } }),
    start,
  )

  it('comes with its hello', () => {
    expect(greeted.told).toMatchObject({
      ...{ mode: 'parked', parts: ['lock', 'imu'], configVersion: 4, network: { technology: 'ltem', dbm: -90 } },
    })
  })

  it('follows its telemetry, and an older record does not turn it back', () => {
    const record = { q: 3, t: 0, tq: 0, soc: 70, bolt: 'unlocked' as const }
    const riding = heard(
      greeted,
      { kind: 'tel', body: telemetry([{ ...record, u: 9_000, mode: 'riding', mv: 3_900, chg: 'dyn', rat: 'gprs' }]) },
      epochMs(start),
    )
    const health = { mode: 'riding', milliVolts: 3_900, charging: 'dyn', network: { technology: 'gprs', dbm: null } }
    expect(riding.told).toMatchObject(health)
    const late = heard(
      riding,
      { kind: 'tel', body: telemetry([{ ...record, u: 3_000, mode: 'low', mv: 3_500, chg: 'none', rat: 'ltem' }]) },
      epochMs(start),
    )
    expect(late.told).toMatchObject(health)
    expect(says(riding, hello({ u: 2_000, mode: 'parked', cfgv: 1 }), start).told).toMatchObject(health)
  })

  it('knows which configuration it uses and which it refused', () => {
    const refused = tells(greeted, event({ k: 'cfg', cv: 6, ok: 0, why: 'range' }), start + 7)
    expect(refused.told).toMatchObject({
      configVersion: 4,
      configRefusal: { version: 6, why: 'range', atMs: start + 7 },
    })
    const taken = tells(refused, event({ k: 'cfg', cv: 7, ok: 1 }))
    expect(taken.told).toMatchObject({ configVersion: 7, configRefusal: null })
    expect(tells(taken, event({ k: 'cfg', cv: 5, ok: 1 }, 10)).told.configVersion).toBe(7)
  })

  it('whose flash was wiped is believed by its hello alone', () => {
    const wiped = 0x1100_0001
    const event6 = event({ b: wiped, k: 'cfg', cv: 0, ok: 1 })
    expect(tells(greeted, event6).told.configVersion).toBe(4)
    expect(says(greeted, hello({ b: wiped, cfgv: 0 }), start).told.configVersion).toBe(0)
  })

  it('keeps its last self-test', () => {
    const tested = tells(
      greeted,
      event({ k: 'self', bolt: 1, gnss: 0, modem: 1, imu: 1, flash: 1, batt: 1 }),
      start + 9,
    )
    expect(tested.told.selfTest).toEqual({
      ...{ bolt: true, gnss: false, modem: true, imu: true, flash: true, batt: true, atMs: start + 9 },
      ...{ bootId, uptimeMs: 5_000 },
    })
  })

  it('late, after what it found since, changes nothing, and else has the time at which it was made', () => {
    const hourMs = 3_600_000
    const self = { k: 'self', bolt: 1, gnss: 1, modem: 1, imu: 1, flash: 1, batt: 1, bf: 1 }
    const late = tells(greeted, event({ ...self, imu: 0 }, 61_000), start + hourMs)
    expect(late.told.selfTest).toMatchObject({ imu: false, atMs: start + 60_000 })
    expect(tells(late, event(self, 31_000), start + hourMs).told).toEqual(late.told)
    const refused = tells(greeted, event({ k: 'cfg', cv: 6, ok: 0, why: 'mac', bf: 1 }, 61_000), start + hourMs)
    expect(refused.told.configRefusal).toMatchObject({ version: 6, atMs: start + 60_000 })
    expect(tells(refused, event({ k: 'cfg', cv: 5, ok: 0, bf: 1 }, 31_000), start + hourMs).told).toEqual(refused.told)
    const taken = tells(refused, event({ k: 'cfg', cv: 5, ok: 1, bf: 1 }, 31_000), start + hourMs)
    expect(taken.told).toMatchObject({ configVersion: 5, configRefusal: { version: 6 } })
    // In another boot the count has begun again.
    expect(tells(late, event({ ...self, b: bootId + 1 }, 10)).told.selfTest?.imu).toBe(true)
  })
})
