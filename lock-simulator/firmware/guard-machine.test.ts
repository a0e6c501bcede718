import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type GuardInput,
  type GuardOutput,
  guardWakeAtMs,
  mostAlarmsAnHour,
  type Post,
  stepGuard,
} from './guard-machine.ts'
import { type Guard, guardAtBoot, guardAtRest, isKeptAlike, keptGuard } from './guard-state.ts'

const street = { lat: 52.3585, lon: 4.726, accuracyM: 5 }
const north = (metres: number, accuracyM = 5) => ({ ...street, lat: street.lat + metres / 111_195, accuracyM })
const locked: Post = { isWatched: true, isOpen: false, wakeMg: 120, chaseM: 50, mayBeep: true }
const open: Post = { ...locked, isWatched: false, isOpen: true }
const minuteMs = 60_000
const hourMs = 60 * minuteMs

/** A watchman whose ticks come when asked for. */
function watchman(start: Guard = guardAtRest) {
  let guard = start
  let nowMs = 0
  let post = locked
  const log: { readonly atMs: number; readonly output: GuardOutput }[] = []
  function put(input: GuardInput): void {
    const step = stepGuard(guard, input, post, nowMs)
    guard = step.state
    log.push(...step.effects.map((output) => ({ atMs: nowMs, output })))
  }
  function waitUntil(atMs: number): void {
    for (let wakeAtMs = guardWakeAtMs(guard); wakeAtMs !== null && wakeAtMs <= atMs; wakeAtMs = guardWakeAtMs(guard)) {
      nowMs = Math.max(nowMs, wakeAtMs)
      put({ kind: 'tick' })
    }
    nowMs = Math.max(nowMs, atMs)
  }
  const wait = (ms: number) => waitUntil(nowMs + ms)
  return {
    put,
    wait,
    post: (next: Post) => {
      post = next
      put({ kind: 'tick' })
    },
    motion: (peakMg: number, tiltDeg = 0) => put({ kind: 'motion', peakMg, tiltDeg }),
    /** Shaken every half second for so long, then let go. */
    shake: (ms: number, peakMg = 400) => {
      for (let passedMs = 0; passedMs < ms; passedMs += 500) {
        put({ kind: 'motion', peakMg, tiltDeg: 0 })
        wait(500)
      }
      put({ kind: 'motion', peakMg: 0, tiltDeg: 0 })
    },
    fix: (place: typeof street, speedMps = 0) => put({ kind: 'fix', place, speedMps }),
    sensor: (of: 'tamper' | 'cable' | 'gnss_jam' | 'temp' | 'sim', isOn: boolean) => put({ kind: 'reading', of, isOn }),
    alarms: () => log.flatMap(({ output }) => (output.kind === 'alarm' ? [output] : [])),
    kinds: () => log.flatMap(({ output }) => (output.kind === 'alarm' ? [output.a] : [])),
    count: (kind: GuardOutput['kind']) => log.filter(({ output }) => output.kind === kind).length,
    log,
    now: () => nowMs,
    guard: () => guard,
  }
}

/** Locked, left alone for a minute, and its place is known. */
function parked() {
  const man = watchman()
  man.post(locked)
  man.fix(street)
  man.wait(minuteMs)
  return man
}

describe('a parked bike that is shaken', () => {
  it('beeps after two seconds and says nothing; a knock is nothing at all', () => {
    const man = parked()
    man.shake(1_500)
    man.wait(20_000)
    expect(man.log).toEqual([])
    man.shake(3_000)
    expect(man.count('beep')).toBe(1)
    man.wait(hourMs)
    expect(man.kinds()).toEqual([])
  })

  it('raises an alarm at the third wake in half a minute, with the peak, and watches closely', () => {
    const man = parked()
    for (const peakMg of [300, 900, 500]) {
      man.shake(2_600, peakMg)
      man.wait(4_000)
    }
    expect(man.alarms()).toEqual([{ kind: 'alarm', a: 'move', g: 900, n: 1 }])
    expect(man.guard().phase).toBe('chase')
    expect(man.count('look')).toBe(1)
  })

  it('is left alone again when it is still there after 5 minutes', () => {
    const man = parked()
    man.shake(8_000)
    man.fix(north(20))
    man.wait(5 * minuteMs)
    expect(man.guard().phase).toBe('parked')
    expect(man.kinds()).toEqual(['move'])
  })

  it('does not beep where that is switched off, and is not watched at all in a workshop', () => {
    const silent = parked()
    silent.post({ ...locked, mayBeep: false })
    silent.shake(8_000)
    expect(silent.count('beep')).toBe(0)
    expect(silent.kinds()).toEqual(['move'])
    const workshop = parked()
    workshop.post(open)
    workshop.shake(20_000)
    workshop.motion(0, 90)
    workshop.sensor('tamper', true)
    workshop.wait(hourMs)
    expect(workshop.log).toEqual([])
  })

  it('is not while its rider still packs a bag', () => {
    const man = watchman()
    man.post(locked)
    man.shake(20_000)
    man.wait(hourMs)
    expect(man.log).toEqual([])
  })

  it('in a gale all night costs few beeps, few chases and few messages', () => {
    const man = parked()
    const hours = 8
    for (let i = 0; i < hours * 360; i++) man.shake(10_000)
    expect(man.count('beep')).toBeLessThanOrEqual((hours + 1) * 30)
    expect(man.kinds().length).toBeLessThanOrEqual(hours + 4)
    expect(man.count('look')).toBeLessThanOrEqual(hours * 61)
  })
})

describe('a bike that is carried away', () => {
  it('tells how far it is when two fixes agree, repeats that every 5 minutes, and rests where it is put down', () => {
    const man = parked()
    man.shake(8_000)
    man.fix(north(150), 4)
    expect(man.kinds()).toEqual(['move'])
    man.wait(5_000)
    man.fix(north(170), 4)
    expect(man.alarms().at(-1)).toMatchObject({ a: 'move', dm: 170, n: 1 })
    for (let i = 1; i <= 150; i++) {
      man.motion(300)
      man.wait(5_000)
      man.fix(north(170 + 20 * i), 4)
    }
    const far = man.alarms().filter(({ dm }) => dm !== undefined)
    expect(far.map(({ n }) => n)).toEqual([1, 2, 3])
    expect(far[1]?.dm).toBeGreaterThan(1_000)
    man.motion(0)
    man.wait(10 * minuteMs)
    expect(man.guard().phase).toBe('parked')
    man.fix(north(3_170))
    expect(man.guard().home).toEqual(north(3_170))
    man.wait(hourMs)
    expect(man.kinds()).toHaveLength(4)
  })

  it('is not told by one jump of the receiver, nor by a fix as bad as the distance', () => {
    const man = parked()
    man.shake(8_000)
    man.fix(north(120))
    man.fix(north(3))
    man.fix(north(120))
    man.fix(north(3))
    man.fix(north(140, 40))
    man.fix(north(140, 40))
    man.wait(hourMs)
    expect(man.kinds()).toEqual(['move'])
  })

  it('is found out within two minutes when it is taken just after a false alarm', () => {
    const man = parked()
    man.shake(8_000)
    man.wait(6 * minuteMs)
    expect(man.guard().phase).toBe('parked')
    man.shake(8_000)
    expect(man.count('look')).toBe(2)
    man.fix(north(200), 5)
    expect(man.guard().phase).toBe('chase')
    man.fix(north(230), 5)
    man.fix(north(260), 5)
    expect(man.alarms().at(-1)).toMatchObject({ a: 'move', dm: 260 })
  })

  it('is still watched after a reset, from where it stood', () => {
    const man = parked()
    man.shake(8_000)
    const again = watchman(guardAtBoot(keptGuard(man.guard())))
    again.post(open)
    expect(again.guard().phase).toBe('off')
    const closed = watchman(guardAtBoot(keptGuard(man.guard())))
    closed.post(locked)
    expect(closed.guard().phase).toBe('chase')
    closed.fix(north(300))
    closed.fix(north(300))
    expect(closed.alarms()).toMatchObject([{ a: 'move', dm: 300 }])
  })

  it('is over when somebody opens it with a command', () => {
    const man = parked()
    man.shake(8_000)
    man.post(open)
    man.fix(north(500))
    man.fix(north(500))
    man.wait(hourMs)
    expect(man.kinds()).toEqual(['move'])
  })
})

describe('a lock whose sensors tell of something', () => {
  it.each([
    ['tamper', 'tamper_end', 1_000],
    ['cable', 'cable_end', 1_000],
    ['gnss_jam', 'gnss_jam_end', 20_000],
  ] as const)('raises %s once it holds, and ends it', (of, end, holdsMs) => {
    const man = parked()
    man.sensor(of, true)
    man.wait(holdsMs / 2)
    man.sensor(of, false)
    man.wait(hourMs)
    expect(man.kinds()).toEqual([])
    man.sensor(of, true)
    man.wait(holdsMs)
    expect(man.alarms()).toEqual([{ kind: 'alarm', a: of, n: 1 }])
    man.sensor(of, false)
    man.wait(minuteMs)
    expect(man.kinds()).toEqual([of, end])
  })

  it('has fallen when it lies for 5 s, and stands again', () => {
    const man = parked()
    man.motion(1_500, 85)
    man.wait(4_000)
    man.motion(300, 10)
    man.wait(minuteMs)
    man.motion(1_500, 85)
    man.wait(5_000)
    man.motion(300, 5)
    man.wait(5_000)
    expect(man.kinds()).toEqual(['fall', 'fall_end'])
  })

  it('ends after a reset what it told before, and does not tell again what still is', () => {
    const man = parked()
    man.sensor('tamper', true)
    man.sensor('cable', true)
    man.wait(minuteMs)
    const again = watchman(guardAtBoot(keptGuard(man.guard())))
    again.post(locked)
    again.sensor('tamper', false)
    again.sensor('cable', true)
    again.wait(10 * minuteMs)
    expect(again.kinds()).toEqual(['tamper_end'])
  })

  it('tells of a SIM that is refused for ten minutes, and of its own heat, also on a ride', () => {
    const man = parked()
    man.post(open)
    man.sensor('sim', true)
    man.sensor('temp', true)
    man.wait(10 * minuteMs)
    expect(man.kinds().sort()).toEqual(['sim', 'temp'])
  })

  it('that flaps is told ever more rarely, and how often it came', () => {
    const man = parked()
    for (let i = 0; i < 720; i++) {
      man.sensor('tamper', true)
      man.wait(5_000)
      man.sensor('tamper', false)
      man.wait(5_000)
    }
    const raised = man.alarms().filter(({ a }) => a === 'tamper')
    expect(raised.length).toBeLessThanOrEqual(5)
    expect(raised.at(-1)?.n).toBeGreaterThan(100)
    expect(man.kinds().filter((a) => a === 'tamper_end')).toHaveLength(raised.length)
  })
})

type Act = readonly [
  what: 'shake' | 'fix' | 'tip' | 'tamper' | 'cable' | 'gnss_jam' | 'temp' | 'sim' | 'post' | 'wait',
  value: number,
]
const acts: fc.Arbitrary<readonly Act[]> = fc.array(
  fc.tuple(
    fc.constantFrom('shake', 'fix', 'tip', 'tamper', 'cable', 'gnss_jam', 'temp', 'sim', 'post', 'wait', 'wait'),
    fc.double({ min: 0, max: 1, noNaN: true }),
  ),
  { maxLength: 120 },
) as fc.Arbitrary<readonly Act[]>

function play(man: ReturnType<typeof watchman>, [what, value]: Act): void {
  switch (what) {
    case 'shake':
      man.shake(value * 20_000, 50 + value * 1_000)
      break
    case 'fix':
      man.fix(north(value * 400, 1 + value * 20), value * 5)
      break
    case 'tip':
      man.motion(value * 500, value * 120)
      break
    case 'post':
      man.post(value < 0.7 ? locked : open)
      break
    case 'wait':
      man.wait(value * 20 * minuteMs)
      break
    case 'tamper':
    case 'cable':
    case 'gnss_jam':
    case 'temp':
    case 'sim':
      man.sensor(what, value < 0.5)
  }
}
const endOf = { fall: 'fall_end', tamper: 'tamper_end', cable: 'cable_end', gnss_jam: 'gnss_jam_end' } as const

describe('whatever is done to a bike', () => {
  it('no alarm comes without its cause, every alarm that has an end ends with its cause, and each hour has a bound', () => {
    fc.assert(
      fc.property(acts, (list) => {
        const man = parked()
        const did = new Set<string>()
        for (const one of list) {
          did.add(one[0])
          play(man, one)
        }
        const causes: Readonly<Record<string, string>> = { move: 'shake', fall: 'tip' }
        for (const { a } of man.alarms()) if (!a.endsWith('_end')) expect(did).toContain(causes[a] ?? a)
        // All is well again, and stays so.
        man.motion(0, 0)
        for (const of of ['tamper', 'cable', 'gnss_jam', 'temp', 'sim'] as const) man.sensor(of, false)
        man.wait(hourMs)
        for (const [kind, end] of Object.entries(endOf)) {
          const raised = man.kinds().filter((a) => a === kind).length
          expect(man.kinds().filter((a) => a === end)).toHaveLength(raised)
        }
        expect(man.guard().phase).not.toBe('chase')
        expect(keptGuard(man.guard())?.told ?? []).toEqual(
          (keptGuard(man.guard())?.told ?? []).filter(([kind]) => kind === 'temp' || kind === 'sim'),
        )
        const times = man.log.flatMap(({ atMs, output }) => (output.kind === 'alarm' ? [atMs] : []))
        for (const from of times) {
          expect(times.filter((atMs) => atMs >= from && atMs < from + hourMs).length).toBeLessThanOrEqual(
            mostAlarmsAnHour,
          )
        }
      }),
      { numRuns: 150 },
    )
  })

  it('it is written to flash exactly when what must survive has changed', () => {
    fc.assert(
      fc.property(acts, (list) => {
        let before = guardAtRest
        const man = watchman()
        for (const one of list) {
          play(man, one)
          const after = man.guard()
          const isSame = JSON.stringify(keptGuard(before)?.told) === JSON.stringify(keptGuard(after)?.told)
          if (!isSame && keptGuard(before)?.told.length !== keptGuard(after)?.told.length)
            expect(isKeptAlike(before, after)).toBe(false)
          before = after
        }
      }),
      { numRuns: 50 },
    )
  })
})
