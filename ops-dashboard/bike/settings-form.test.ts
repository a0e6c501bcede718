import { describe, expect, it } from 'vitest'
import { settingsOfTexts, textsOfSettings } from './settings-form.ts'

describe('the settings of a lock in a form', () => {
  it('come back as they went in, and only what is set', () => {
    for (const settings of [{}, { park_s: 600, guard: 0 }, { beep: 1, chase_m: 50, wake_mg: 120, ride_s: 15 }]) {
      expect(settingsOfTexts(textsOfSettings(settings))).toEqual(settings)
    }
    expect(settingsOfTexts(textsOfSettings(null))).toEqual({})
  })

  it.each([['5'], ['99999'], ['6.5'], ['soon']])(
    '%s seconds between two words is refused before it is sent',
    (text) => {
      expect(settingsOfTexts({ ...textsOfSettings({}), park_s: text })).toBeNull()
    },
  )
})
