import { useEffect, useState } from 'react'
import type { FleetSnapshot } from '../../contracts/http/staff.ts'
import type { Refused } from '../../ui-kit/api/api-client.ts'
import type { FleetTable } from '../../ui-kit/live/fleet-table.ts'
import { type FleetLink, openLiveFleet } from '../../ui-kit/live/live-fleet.ts'
import { opsApi } from '../ops-api.ts'

export interface FleetNow {
  /** Null until the first snapshot. Its columns change in place: `version` says when. */
  readonly table: FleetTable | null
  readonly version: number
  readonly snapshot: Pick<FleetSnapshot, 'centre' | 'citySpeed'> | null
  readonly link: FleetLink
  /** performance.now() of the last frame or snapshot. */
  readonly heardAtMs: number | null
}

const nothing: FleetNow = { table: null, version: 0, snapshot: null, link: { kind: 'connecting' }, heardAtMs: null }

/** The fleet as it is now, redrawn once per live frame. */
export function useLiveFleet(onRefused: (refused: Refused) => void): FleetNow {
  const [fleet, setFleet] = useState<FleetNow>(nothing)
  useEffect(() => {
    const live = openLiveFleet({
      api: opsApi,
      onTable: (table, { centre, citySpeed }) =>
        setFleet((before) => ({ ...before, table, snapshot: { centre, citySpeed }, version: before.version + 1 })),
      onFrame: (table) =>
        setFleet((before) => ({ ...before, table, version: before.version + 1, heardAtMs: performance.now() })),
      onLink: (link) => {
        if (link.kind === 'broken' && isForPeople(link.code)) onRefused({ kind: 'refused', code: link.code })
        setFleet((before) => ({ ...before, link }))
      },
    })
    return live.close
  }, [onRefused])
  return fleet
}

const isForPeople = (code: Refused['code']) =>
  code === 'log_in_first' || code === 'session_ended' || code === 'not_allowed'
