import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  criticalHeartbeatMs,
  heartbeatAtMs,
  lowHeartbeatMs,
  type Power,
  type PowerFacts,
  type PowerOutput,
  parkedFixMs,
  powerAtBoot,
  powerWakeAtMs,
  radioWindowMs,
  reported,
  stepPower,
} from './power-machine.ts'

const settings = { park_s: 300, ride_s: 15 }
const minuteMs = 60_000
const calm: PowerFacts = {
  ...{ percent: 80, milliVolts: 3_900, isBoltOpen: false, isBusy: false, isMoving: false, isCharging: false },
  ...{ isChased: false, hasNews: false, isAllSaid: true },
}

/** A lock whose facts change when it is told so, stepped whenever it wants to be. */
function lock(kept: Parameters<typeof powerAtBoot>[1] = { level: 'ok', isShipped: false }) {
  let power: Power = powerAtBoot('lock-power-1', kept)
  let facts = calm
  let nowMs = 0
  const told: (PowerOutput & { readonly atMs: number })[] = []
  const step = () => {
    const { state, effects } = stepPower(power, facts, nowMs)
    power = state
    told.push(...effects.map((effect) => ({ ...effect, atMs: nowMs })))
  }
  step()
  return {
    told,
    power: () => power,
    set: (change: Partial<PowerFacts>) => {
      facts = { ...facts, ...change }
      step()
    },
    /** Reports whenever its heartbeat is due; returns the pauses between them. */
    live: (ms: number) => {
      const reports: number[] = []
      const untilMs = nowMs + ms
      for (;;) {
        const beatMs = heartbeatAtMs(power, settings, facts.isBoltOpen, nowMs)
        const nextMs = Math.max(nowMs + 1, Math.min(beatMs, powerWakeAtMs(power) ?? untilMs))
        if (nextMs > untilMs) break
        nowMs = nextMs
        if (nowMs >= beatMs) {
          power = reported(power, nowMs)
          reports.push(nowMs)
        }
        step()
      }
      nowMs = untilMs
      return reports.slice(1).map((atMs, i) => atMs - (reports[i] ?? 0))
    },
    modem: () => told.filter(({ kind }) => kind === 'modem').map((effect) => effect.kind === 'modem' && effect.isOn),
  }
}

const most = (pauses: readonly number[]) => Math.max(...pauses)

describe('a lock with enough charge', () => {
  it('that is parked speaks every 4 to 5 minutes and looks for satellites every 6 hours', () => {
    const { live, power } = lock()
    const pauses = live(3_600_000)
    expect(new Set(pauses).size).toBe(1)
    expect(most(pauses)).toBeGreaterThanOrEqual(240_000)
    expect(most(pauses)).toBeLessThanOrEqual(300_000)
    expect(power()).toMatchObject({ mode: 'parked', fixEveryMs: parkedFixMs, radio: { isOn: true } })
  })

  it('that is ridden speaks every 12 to 15 s, and four times more rarely once it has stood for 10 minutes', () => {
    const { live, set, power } = lock()
    live(minuteMs)
    set({ isBoltOpen: true, isBusy: true })
    set({ isBusy: false })
    expect(most(live(9 * minuteMs))).toBeLessThanOrEqual(15_000)
    expect(power()).toMatchObject({ mode: 'riding', fixEveryMs: 5_000 })
    live(2 * minuteMs)
    expect(live(5 * minuteMs)[0]).toBeGreaterThan(45_000)
    set({ isMoving: true })
    set({ isMoving: false })
    expect(most(live(5 * minuteMs))).toBeLessThanOrEqual(15_000)
  })

  it('that somebody touches is awake for a minute', () => {
    const { live, set, power } = lock()
    live(10 * minuteMs)
    set({ isMoving: true })
    set({ isMoving: false })
    expect(power().mode).toBe('awake')
    live(59_000)
    expect(power().mode).toBe('awake')
    live(2_000)
    expect(power().mode).toBe('parked')
  })

  it('that follows a thief speaks every 5 s for 5 minutes, then with pauses that double up to 5 minutes', () => {
    const { live, set } = lock()
    live(10 * minuteMs)
    set({ isChased: true })
    const pauses = live(60 * minuteMs)
    expect(pauses.slice(0, 50).every((pause) => pause === 5_000)).toBe(true)
    const slowing = pauses.filter((pause) => pause > 5_000)
    expect(slowing.slice(0, 7)).toEqual([10_000, 20_000, 40_000, 80_000, 160_000, 300_000, 300_000])
  })
})

describe('a lock whose charge falls', () => {
  it('speaks every half hour when it is low, and keeps its radio on', () => {
    const { live, set, power } = lock()
    set({ percent: 20 })
    expect(live(6 * 3_600_000).every((pause) => pause === lowHeartbeatMs)).toBe(true)
    expect(power()).toMatchObject({ mode: 'low', radio: { isOn: true, untilMs: null } })
  })

  it('that is ridden on a low battery tells the whole ride', () => {
    const { live, set } = lock()
    set({ percent: 15, isBoltOpen: true })
    expect(most(live(5 * minuteMs))).toBeLessThanOrEqual(15_000)
  })

  it('says its last word, waits until it has arrived, and then speaks once a day', () => {
    const { live, set, told, modem } = lock()
    live(minuteMs)
    set({ percent: 8, hasNews: true, isAllSaid: false })
    expect(told.at(-1)).toMatchObject({ kind: 'gnss', everyMs: criticalHeartbeatMs })
    expect(told).toContainEqual(expect.objectContaining({ kind: 'level', level: 'crit' }))
    live(minuteMs)
    expect(modem()).toEqual([true])
    set({ hasNews: false, isAllSaid: true })
    live(minuteMs)
    expect(modem()).toEqual([true, false])
    live(3 * 86_400_000)
    expect(modem().filter((isOn) => isOn).length).toBe(4)
  })

  it('gives up after 5 minutes without a network, and tries again every hour as long as it has news', () => {
    const { live, set, told, modem } = lock()
    set({ percent: 8, hasNews: true, isAllSaid: false })
    live(radioWindowMs)
    expect(modem()).toEqual([true, false])
    live(5 * 3_600_000)
    expect(modem().filter((isOn) => isOn).length).toBeGreaterThanOrEqual(5)
    const onMs = told.flatMap((effect) => (effect.kind === 'modem' ? [effect] : []))
    expect(onMs.at(-1)).toMatchObject({ isOn: false })
  })

  it('keeps its radio on while somebody still rides, but not when it says off', () => {
    const { live, set, modem } = lock()
    set({ isBoltOpen: true, percent: 8 })
    live(30 * minuteMs)
    expect(modem()).toEqual([true])
    set({ percent: 2 })
    live(minuteMs)
    expect(modem()).toEqual([true, false])
    set({ percent: 50 })
    expect(modem()).toEqual([true, false, true])
  })

  it('believes the voltage when the gauge is too hopeful', () => {
    const { set, power } = lock()
    set({ percent: 40, milliVolts: 3_340 })
    expect(power().level).toBe('crit')
    set({ milliVolts: 3_380 })
    expect(power().level).toBe('crit')
    set({ milliVolts: 3_600 })
    expect(power().level).toBe('ok')
  })
})

describe('a lock in its box', () => {
  it('keeps its radio and its receiver off until its bolt moves', () => {
    const { live, set, told, power } = lock({ level: 'ok', isShipped: true })
    live(7 * 86_400_000)
    expect(told).toEqual([])
    set({ isBusy: true })
    expect(told.map(({ kind }) => kind)).toEqual(['unpacked', 'mode', 'gnss', 'modem'])
    expect(power().isShipped).toBe(false)
  })
})

describe('the power machine', () => {
  const facts: fc.Arbitrary<PowerFacts> = fc.record({
    percent: fc.integer({ min: 0, max: 100 }),
    milliVolts: fc.integer({ min: 0, max: 5_000 }),
    ...{ isBoltOpen: fc.boolean(), isBusy: fc.boolean(), isMoving: fc.boolean(), isCharging: fc.boolean() },
    ...{ isChased: fc.boolean(), hasNews: fc.boolean(), isAllSaid: fc.boolean() },
  })
  const life = fc.array(fc.tuple(facts, fc.nat(7_200_000), fc.boolean()), { maxLength: 60 })

  it('never goes without a last word, never stays on air when critical, and wakes only to do something', () => {
    fc.assert(
      fc.property(life, fc.boolean(), (steps, isShipped) => {
        let power = powerAtBoot('lock-any-1', { level: 'ok', isShipped })
        let nowMs = 0
        let hasSaid = power.level
        for (const [now, laterMs, speaks] of steps) {
          nowMs += laterMs
          if (speaks) power = reported(power, nowMs)
          const before = power
          const step = stepPower(power, now, nowMs)
          power = step.state
          for (const effect of step.effects) if (effect.kind === 'level') hasSaid = effect.level
          expect(power.level).toBe(hasSaid)
          // The radio that goes off has had its window: it was open before this step.
          const isGoing = before.radio.isOn && !power.radio.isOn
          if (isGoing && !power.isShipped) expect(before.radio.untilMs).not.toBe(null)
          const mayTalk = power.level === 'ok' || power.level === 'low' || (power.level === 'crit' && now.isBoltOpen)
          if (!power.isShipped) expect(power.radio.isOn && power.radio.untilMs === null).toBe(mayTalk)
          // Settled: the same facts at the same moment change nothing.
          const again = stepPower(power, now, nowMs)
          expect(again.effects.filter(({ kind }) => kind !== 'modem')).toEqual([])
          const wakeMs = powerWakeAtMs(power)
          if (wakeMs !== null && wakeMs > nowMs) {
            const woken = stepPower(power, { ...now, isBusy: false, isMoving: false }, wakeMs).state
            expect(powerWakeAtMs(woken) ?? Number.POSITIVE_INFINITY).toBeGreaterThan(wakeMs)
          }
          const beatMs = heartbeatAtMs(power, settings, now.isBoltOpen, nowMs)
          expect(beatMs).toBeGreaterThan(power.reportedAtMs)
          expect(beatMs - power.reportedAtMs).toBeLessThanOrEqual(criticalHeartbeatMs)
        }
      }),
    )
  })
})
