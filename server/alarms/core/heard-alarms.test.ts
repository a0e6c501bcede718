import { describe, expect, it } from 'vitest'
import type { LockEvent } from '../../../contracts/mqtt/reports.ts'
import { epochMs } from '../../../contracts/units.ts'
import { usualAlarmSettings } from './alarm-settings.ts'
import { bootTrouble, type ToldBoot } from './boot-trouble.ts'
import { type Hands, type Hearing, heardAlarms } from './heard-alarms.ts'

const nowMs = epochMs(1_900_000_000_000)
const minuteMs = 60_000
const hourMs = 60 * minuteMs
const ago = (ms: number) => epochMs(nowMs - ms)
const parked: Hearing = {
  ...{ madeAtMs: nowMs, nowMs, hands: 'nobody', hadAtMs: null, boots: null, settings: usualAlarmSettings },
}
const with_ = (hands: Hands): Hearing => ({ ...parked, hands })
const head = { v: 1, b: 7, q: 9, u: 9_000, t: 0, tq: 0 } as const
const own = (a: string, more: object = {}) => ({ ...head, k: 'alarm', a, ...more }) as LockEvent
const bolt = (to: string, by = 'cmd') => ({ ...head, k: 'bolt', from: 'locked', to, by }) as LockEvent
const power = (lv: string, soc: number) => ({ ...head, k: 'power', lv, soc, mv: 3_400 }) as LockEvent
const boot = (rr: string) => ({ ...head, k: 'boot', rr, pend: null }) as LockEvent
const said = (event: LockEvent, hearing = parked) =>
  heardAlarms(event, hearing).map(({ say, kind }) => `${say} ${kind}`)

describe('what a lock says', () => {
  it.each<readonly [string, readonly string[], readonly Hands[]]>([
    ['tamper', ['raise tampered'], ['nobody', 'pausing']],
    ['cable', ['raise cable_cut'], ['nobody', 'pausing']],
    ['tamper_end', ['clear tampered'], ['nobody', 'pausing', 'rider', 'crew']],
    ['cable_end', ['clear cable_cut'], ['nobody', 'pausing', 'rider', 'crew']],
    ['fall', ['raise fallen'], ['nobody']],
    ['fall_end', ['clear fallen'], ['nobody', 'pausing', 'rider', 'crew']],
    ['move', ['raise shaken'], ['nobody']],
    ['shake', ['raise shaken'], ['nobody']],
    ['forced', ['raise forced'], ['nobody', 'pausing', 'rider', 'crew']],
    ['gnss_jam', ['raise gnss_jammed'], ['nobody', 'pausing', 'rider']],
    ['gnss_jam_end', ['clear gnss_jammed'], ['nobody', 'pausing', 'rider', 'crew']],
    ['temp', ['raise lock_trouble'], ['nobody', 'pausing', 'rider']],
    ['sim', ['raise lock_trouble'], ['nobody', 'pausing', 'rider']],
  ])('of %s is told or not by who has the bike', (a, told, when) => {
    for (const hands of ['nobody', 'pausing', 'rider', 'crew'] as const) {
      expect(said(own(a), with_(hands)), hands).toEqual(when.includes(hands) ? told : [])
    }
  })

  it('of a fall an hour ago is no news any more; of its case being opened it is', () => {
    const late = { ...parked, madeAtMs: ago(hourMs) }
    expect(said(own('fall'), late)).toEqual([])
    expect(said(own('shake'), late)).toEqual([])
    expect(said(own('gnss_jam'), late)).toEqual([])
    expect(said(own('tamper'), late)).toEqual(['raise tampered'])
  })

  it('of its bolt: jams are told, the first one when opening blocks nothing, and an opening ends them', () => {
    expect(heardAlarms(bolt('jam_open'), parked)).toMatchObject([{ kind: 'jammed_open', blocksRental: false }])
    expect(said(bolt('jam_close'))).toEqual(['raise jammed_close'])
    expect(said(bolt('unlocked'))).toEqual(['clear jammed_open'])
    expect(said(bolt('unlocked', 'force'))).toEqual([])
    expect(said(bolt('locked'))).toEqual([])
  })
})

describe('a locked bike that is far from where it stood', () => {
  const chase = own('move', { dm: 340, n: 2, g: 900 })

  it('is stolen, however late that is told', () => {
    expect(heardAlarms(chase, parked)).toEqual([{ say: 'raise', kind: 'stolen', detail: { metres: 340 } }])
    expect(said(chase, { ...parked, madeAtMs: ago(30 * hourMs), hadAtMs: ago(40 * hourMs) })).toEqual(['raise stolen'])
  })

  it('is not when one of us has it, or has had it since', () => {
    expect(said(chase, with_('crew'))).toEqual([])
    expect(said(chase, with_('rider'))).toEqual([])
    expect(said(chase, { ...parked, madeAtMs: ago(2 * hourMs), hadAtMs: ago(hourMs) })).toEqual([])
  })

  it('is not yet when it was put down a moment before, and still is pushed into the rack', () => {
    expect(said(chase, { ...parked, hadAtMs: ago(4 * minuteMs) })).toEqual([])
    expect(said(chase, { ...parked, hadAtMs: ago(6 * minuteMs) })).toEqual(['raise stolen'])
  })

  it('in a pause of its rider is for a person to look at', () => {
    expect(heardAlarms(chase, with_('pausing'))).toMatchObject([
      { kind: 'stolen', severity: 'warning', blocksRental: false },
    ])
  })
})

it('what is switched off raises nothing, and is ended all the same', () => {
  const off = { ...parked, settings: { ...usualAlarmSettings, off: ['stolen' as const, 'cable_cut' as const] } }
  expect(said(own('move', { dm: 340 }), off)).toEqual([])
  expect(said(own('cable'), off)).toEqual([])
  expect(said(own('cable_end'), off)).toEqual(['clear cable_cut'])
  expect(said(own('tamper'), off)).toEqual(['raise tampered'])
})

describe('the word of a battery', () => {
  it.each<readonly [string, number, readonly string[], string | undefined]>([
    ['low', 19, ['raise low_battery'], 'notice'],
    ['low', 20, [], undefined],
    ['crit', 8, ['raise low_battery'], 'warning'],
    ['off', 2, ['raise low_battery'], 'warning'],
    ['ok', 24, ['clear low_battery'], undefined],
    ['ok', 15, [], undefined],
  ])('%s at %i percent', (lv, soc, words, severity) => {
    expect(said(power(lv, soc))).toEqual(words)
    const [first] = heardAlarms(power(lv, soc), parked)
    if (first?.say === 'raise') expect(first).toMatchObject({ severity, detail: { percent: soc, mv: 3_400 } })
  })

  it('that it went flat is told as such', () => {
    expect(heardAlarms(power('off', 1), parked)).toMatchObject([{ detail: { why: 'flat' } }])
  })

  it('is not told where that rule is switched off', () => {
    const off = { ...parked, settings: { ...usualAlarmSettings, off: ['low_battery' as const] } }
    expect(said(power('off', 1), off)).toEqual([])
  })
})

describe('boots', () => {
  const told = (reason: ToldBoot['reason'], minutesAgo: number, upMs: number | null = null): ToldBoot => ({
    ...{ reason, madeAtMs: ago(minutesAgo * minuteMs), upMs },
  })
  const hear = (rr: string, boots: readonly ToldBoot[], more: Partial<Hearing> = {}) =>
    heardAlarms(boot(rr), { ...parked, ...more, boots: bootTrouble(boots) })

  it('for want of voltage, twice in a day: the battery is failing', () => {
    expect(hear('brownout', [told('brownout', 0)])).toEqual([])
    expect(hear('brownout', [told('brownout', 0), told('power', 60), told('brownout', 1_000)])).toMatchObject([
      { kind: 'brown_outs', detail: { count: 2 } },
    ])
    expect(hear('brownout', [told('brownout', 0), told('brownout', 1_500)])).toEqual([])
    // What was told by that boot is told.
    expect(hear('power', [told('power', 0), told('brownout', 10), told('brownout', 20)])).toEqual([])
  })

  it('of the watchdog and of panics, four in an hour, are told apart; those that were asked for do not count', () => {
    const storm = [told('watchdog', 0), told('panic', 10), told('cmd', 15), told('watchdog', 20), told('watchdog', 50)]
    expect(hear('watchdog', storm)).toMatchObject([
      { kind: 'restarts', detail: { count: 4, watchdog: 3, panic: 1, brownout: 0, power: 0 } },
    ])
    expect(hear('watchdog', [...storm.slice(0, 4), told('watchdog', 61)])).toEqual([])
    expect(hear('watchdog', storm, { madeAtMs: ago(hourMs) })).toEqual([])
  })

  it('that come in at once after days without a network are as far apart as the lock says', () => {
    const told_ = [4, 3, 2, 1].map(() => told('watchdog', 0, 20 * hourMs))
    expect(hear('watchdog', told_)).toEqual([])
    expect(
      hear(
        'watchdog',
        [4, 3, 2, 1].map(() => told('watchdog', 0, minuteMs)),
      ),
    ).toMatchObject([{ kind: 'restarts', detail: { count: 4 } }])
  })
})
