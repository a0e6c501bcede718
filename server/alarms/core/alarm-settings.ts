import type { AlarmSettings } from '../../../contracts/http/alarms.ts'
import { type Refusal, refuse } from '../../../contracts/refusals.ts'

/** Numbers of the best boards that were looked at (design: peers.md). */
export const usualAlarmSettings: AlarmSettings = {
  ...{ lowBatteryPercent: 20, veryLowBatteryPercent: 10, silentMinutes: 20, lostHours: 24, movedMetres: 200 },
  ...{ longTripHours: 4, outsideMetres: 20, shortTrips: 3, shortTripMinutes: 2, shortTripMetres: 200 },
  ...{ notMovedDays: 7, brownOuts: 2, restarts: 4, off: [] },
}

/** What single ranges cannot say. */
export function checkAlarmSettings(settings: AlarmSettings): Refusal | null {
  if (settings.veryLowBatteryPercent > settings.lowBatteryPercent) {
    return refuse('alarm_settings_wrong', 'veryLowBatteryPercent')
  }
  if (settings.lostHours * 60 <= settings.silentMinutes) return refuse('alarm_settings_wrong', 'lostHours')
  return null
}
