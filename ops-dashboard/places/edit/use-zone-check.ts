import { useEffect, useState } from 'react'
import type { ZoneEditResult, ZoneSave } from '../../../contracts/http/zones.ts'
import type { Refused } from '../../../ui-kit/api/api-client.ts'
import { opsApi } from '../../ops-api.ts'

/** Between two strokes of a key the server is not asked. */
const pauseMs = 300

export interface ZoneCheck {
  /** What is shown is of an earlier drawing. */
  readonly isChecking: boolean
  readonly result: ZoneEditResult | null
  readonly refused: Refused | null
}
const nothing: ZoneCheck = { isChecking: false, result: null, refused: null }

/**
 * What the server says of a drawing, as it changes.
 * @param order the same object while nothing changed; null: there is nothing to look at yet
 */
export function useZoneCheck(zoneId: string, order: Omit<ZoneSave, 'dryRun'> | null): ZoneCheck {
  const [check, setCheck] = useState<ZoneCheck>(nothing)
  useEffect(() => {
    if (order === null) {
      setCheck(nothing)
      return
    }
    let isOld = false
    setCheck((before) => ({ ...before, isChecking: true }))
    const timer = setTimeout(() => {
      const path = `/v1/staff/zones/${zoneId}/versions`
      void opsApi.send<ZoneEditResult>(path, { method: 'POST', body: { ...order, dryRun: true } }).then((answer) => {
        if (isOld) return
        if (answer.kind === 'ok') setCheck({ isChecking: false, result: answer.value, refused: null })
        else setCheck({ isChecking: false, result: null, refused: answer })
      })
    }, pauseMs)
    return () => {
      isOld = true
      clearTimeout(timer)
    }
  }, [zoneId, order])
  return check
}
