import type { LockSettings } from '../../contracts/mqtt/config.ts'
import { settingRanges } from '../../contracts/mqtt/setting-ranges.ts'
import type { Spoken } from './words.ts'

export type Setting = keyof LockSettings
export const numberSettings = ['park_s', 'ride_s', 'wake_mg', 'chase_m'] as const
export const switchSettings = ['beep', 'guard'] as const
export const allSettings: readonly Setting[] = [...numberSettings, ...switchSettings]
const units = { park_s: 's', ride_s: 's', wake_mg: 'mg', chase_m: 'm' } as const

export const isSwitch = (setting: Setting): setting is (typeof switchSettings)[number] =>
  setting === 'beep' || setting === 'guard'

/** A value as it is read: "300 s", or "on". */
export function valueWords({ t }: Pick<Spoken, 't'>, setting: Setting, value: number): string {
  return isSwitch(setting) ? t(value === 1 ? 'bikes.set.on' : 'bikes.set.off') : `${value} ${units[setting]}`
}

/** "60–3600 s". */
export function rangeWords(setting: (typeof numberSettings)[number]): string {
  const { minimum, maximum } = settingRanges[setting]
  return `${minimum}–${maximum} ${units[setting]}`
}

/** What a change sets: "heartbeat parked 600 s, guard off"; the empty one says so. */
export function changeWords(spoken: Pick<Spoken, 't'>, settings: LockSettings | null): string {
  const set = allSettings.flatMap((setting) => {
    const value = settings?.[setting]
    return value === undefined ? [] : [`${spoken.t(`bikes.set.${setting}`)}: ${valueWords(spoken, setting, value)}`]
  })
  return set.length === 0 ? spoken.t('bikes.set.nothing_set') : set.join(' · ')
}
