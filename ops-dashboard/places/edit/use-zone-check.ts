import { useEffect, useState } from 'react'
import type { ZoneEditResult, ZoneSave } from '../../../contracts/http/zones.ts'
import { isNetworkTrouble, type Refused } from '../../../ui-kit/api/api-client.ts'
import { opsApi } from '../../ops-api.ts'

/** Between two strokes of a key the server is not asked. */
const pauseMs = 300
/** A server that was not reached, or is too busy, is asked again for as long as the drawing stays. */
const askAgainMs = 3_000

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
    const ask = async () => {
      const path = `/v1/staff/zones/${zoneId}/versions`
      const answer = await opsApi.send<ZoneEditResult>(path, { method: 'POST', body: { ...order, dryRun: true } })
      if (isOld) return
      if (answer.kind === 'ok') {
        setCheck({ isChecking: false, result: answer.value, refused: null })
        return
      }
      setCheck({ isChecking: false, result: null, refused: answer })
      if (isNetworkTrouble(answer.code)) timer = setTimeout(() => void ask(), askAgainMs)
    }
    let timer = setTimeout(() => void ask(), pauseMs)
    return () => {
      isOld = true
      clearTimeout(timer)
    }
  }, [zoneId, order])
  return check
}
