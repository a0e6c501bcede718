import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../contracts/random.ts'
import { createModem, type ModemKind, type Network } from './modem.ts'
import { createVirtualClock } from './virtual-clock.ts'

const minuteMs = 60_000

function street(kind: ModemKind = 'field', seed = 1) {
  const clock = createVirtualClock(0)
  const networks: Network[] = []
  const reach: [number, boolean][] = []
  const modem = createModem(kind, seededRandom(seed, 'modem'), {
    ...{ nowMs: clock.nowMs, schedule: clock.schedule },
    onNetwork: (network) => networks.push(network),
    onReach: (isReached) => reach.push([clock.nowMs(), isReached]),
  })
  const wait = (ms: number) => clock.runUntil(clock.nowMs() + ms)
  return { clock, modem, networks, reach, wait }
}

/** Latencies in ms of messages that each have the channel to themselves. */
function latencies(rat: 'ltem' | 'gprs', count = 400): readonly number[] {
  for (let seed = 1; ; seed++) {
    const { modem, networks, wait } = street('field', seed)
    modem.setCoverage(rat === 'gprs' ? 'weak' : 'good')
    modem.switchOn()
    wait(10 * minuteMs)
    if (networks.at(-1)?.rat !== rat) continue
    const taken: number[] = []
    for (let i = 0; i < count; i++) {
      modem.link.connected()
      const ms = modem.link.carryMs(300)
      if (ms !== null) taken.push(ms)
      wait(60_000)
    }
    return taken.sort((a, b) => a - b)
  }
}

describe('a modem', () => {
  it('searches for seconds before it is registered, and tells by what', () => {
    const { modem, networks, reach, wait } = street()
    modem.switchOn()
    wait(1_500)
    expect(reach).toEqual([])
    wait(minuteMs)
    expect(networks).toEqual([{ rat: 'ltem', rsrp: expect.any(Number) }])
    expect(networks[0]?.rsrp).toBeGreaterThan(-106)
    expect(reach.map(([, isReached]) => isReached)).toEqual([true])
  })

  it('without coverage searches on, ever more rarely, and is there again minutes after it', () => {
    const { clock, modem, reach, wait } = street()
    modem.switchOn()
    wait(minuteMs)
    modem.setCoverage('none')
    wait(120 * minuteMs)
    expect(reach.map(([, isReached]) => isReached)).toEqual([true, false])
    const backAtMs = clock.nowMs()
    modem.setCoverage('good')
    wait(30 * minuteMs)
    const [foundAtMs, isReached] = reach.at(-1) ?? [0, false]
    expect(isReached).toBe(true)
    expect(foundAtMs - backAtMs).toBeLessThan(10 * minuteMs)
  })

  it('with a weak signal is often on GPRS, and goes back to LTE-M when it is good again', () => {
    const seen = { weak: 0, later: 0 }
    for (let seed = 1; seed <= 60; seed++) {
      const { modem, networks, wait } = street('field', seed)
      modem.setCoverage('weak')
      modem.switchOn()
      wait(20 * minuteMs)
      if (networks.at(-1)?.rat === 'gprs') seen.weak++
      expect(networks.at(-1)?.rsrp).toBeLessThan(-110)
      modem.setCoverage('good')
      wait(20 * minuteMs)
      if (networks.at(-1)?.rat === 'gprs') seen.later++
    }
    expect(seen.weak).toBeGreaterThan(8)
    expect(seen.later).toBe(0)
  })

  it('without power does nothing', () => {
    const { modem, reach, wait } = street()
    modem.switchOn()
    modem.switchOff()
    modem.setCoverage('none')
    modem.setCoverage('good')
    wait(10 * minuteMs)
    expect(reach).toEqual([])
  })

  it('on the bench is there after a second, and costs no time', () => {
    const { modem, reach, wait } = street('bench')
    modem.switchOn()
    wait(1_000)
    expect(reach).toEqual([[1_000, true]])
    modem.link.connected()
    expect(modem.link.carryMs(8_000)).toBe(0)
    wait(48 * 60 * minuteMs)
    expect(modem.link.carryMs(8_000)).toBe(0)
  })
})

describe('a message', () => {
  it.each([
    ['ltem', 200, 1_000],
    ['gprs', 1_000, 7_000],
  ] as const)('over %s takes from %i to %i ms, but for one in twenty', (rat, fromMs, toMs) => {
    const sorted = latencies(rat)
    expect(sorted[Math.floor(sorted.length * 0.05)]).toBeGreaterThan(fromMs * 0.9)
    expect(sorted[Math.floor(sorted.length * 0.95)]).toBeLessThan(toMs * 1.1)
    expect(sorted[Math.floor(sorted.length * 0.05)]).toBeLessThan(fromMs * 1.7)
    expect(sorted[Math.floor(sorted.length * 0.95)]).toBeGreaterThan(toMs * 0.6)
  })

  it('waits for those before it when they are more than the channel takes', () => {
    const { modem, wait } = street()
    modem.switchOn()
    wait(minuteMs)
    modem.link.connected()
    const all = Array.from({ length: 40 }, () => modem.link.carryMs(8_000) ?? 0)
    // 320 kB at 30 kB/s.
    expect(Math.max(...all)).toBeGreaterThan(8_000)
    wait(10 * minuteMs)
    modem.link.connected()
    expect(modem.link.carryMs(100)).toBeLessThan(3_000)
  })

  it('is lost when the connection was silent for half an hour, and may be after five minutes', () => {
    const { modem, wait } = street()
    modem.switchOn()
    wait(minuteMs)
    for (const [silenceMs, lost] of [
      [5 * minuteMs, 0],
      [30 * minuteMs + 1, 50],
    ] as const) {
      let isLost = 0
      for (let i = 0; i < 50; i++) {
        modem.link.connected()
        wait(silenceMs)
        if (modem.link.carryMs(100) === null) isLost++
      }
      expect(isLost).toBe(lost)
    }
  })

  it('waits while the bike changes from one cell to the next', () => {
    const { modem, wait } = street()
    modem.switchOn()
    wait(minuteMs)
    modem.link.connected()
    const waits: number[] = []
    for (let metre = 0; metre < 40_000; metre += 50) {
      modem.moved(50)
      waits.push(modem.link.carryMs(100) ?? 0)
      wait(10_000)
    }
    const long = waits.filter((ms) => ms > 2_000).length
    expect(long).toBeGreaterThan(10)
    expect(long).toBeLessThan(100)
  })
})
