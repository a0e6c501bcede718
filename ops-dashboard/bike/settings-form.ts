import type { LockSettings } from '../../contracts/mqtt/config.ts'
import { settingRanges } from '../../contracts/mqtt/setting-ranges.ts'
import { allSettings, type Setting } from './settings-words.ts'

/** What is typed; empty: not set, so that the usual value holds. */
export type SettingTexts = Readonly<Record<Setting, string>>

export const textsOfSettings = (settings: LockSettings | null): SettingTexts =>
  Object.fromEntries(
    allSettings.map((setting) => [setting, String(settings?.[setting] ?? '')]),
  ) as unknown as SettingTexts

export function isWrongSetting(setting: Setting, text: string): boolean {
  if (text.trim() === '') return false
  const { minimum, maximum } = settingRanges[setting]
  const value = Number(text)
  return !Number.isInteger(value) || value < minimum || value > maximum
}

/** What is set by these texts; null: one of them is out of its range. */
export function settingsOfTexts(texts: SettingTexts): LockSettings | null {
  if (allSettings.some((setting) => isWrongSetting(setting, texts[setting]))) return null
  return Object.fromEntries(
    allSettings.flatMap((setting) => (texts[setting].trim() === '' ? [] : [[setting, Number(texts[setting])]])),
  )
}
