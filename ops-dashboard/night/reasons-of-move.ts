import type { PlanMove } from '../../contracts/http/nights.ts'
import type { useText } from '../../ui-kit/i18n/text.ts'
import { hours } from './formats.ts'

type Text = Pick<ReturnType<typeof useText>, 't' | 'tag' | 'ofCode'>

/** "outside every hotspot, idle 31 hr, battery 18 %". */
export function reasonsOf(
  { reasons, idleHours, batteryPercent }: Pick<PlanMove, 'reasons' | 'idleHours' | 'batteryPercent'>,
  { t, tag, ofCode }: Text,
): string {
  const words = reasons.map((reason) => {
    if (reason === 'idle' && idleHours !== null)
      return t('night.why.idle_for', { hours: hours(tag, Math.round(idleHours)) })
    if (reason === 'low_battery' && batteryPercent !== null) {
      return t('night.why.battery_at', { percent: batteryPercent })
    }
    return ofCode(`night.why.${reason}`, 'night.why.other')
  })
  return words.length === 0 ? t('night.why.other') : words.join(', ')
}
