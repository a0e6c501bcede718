import { useCallback, useEffect, useRef, useState } from 'react'
import type { CountsFrame } from '../../contracts/live/live-frame.ts'
import type { Refused } from '../../ui-kit/api/api-client.ts'
import type { FleetTable } from '../../ui-kit/live/fleet-table.ts'
import { type FleetLink, type LiveFleet, openLiveFleet } from '../../ui-kit/live/live-fleet.ts'
import { deskLive } from '../live/desk-live.ts'
import { opsApi } from '../ops-api.ts'

export interface FleetNow {
  /** Null until the first snapshot. Its columns change in place: `version` says when. */
  readonly table: FleetTable | null
  readonly version: number
  /** How much faster than real time the city runs, as seen between the last frames. */
  readonly citySpeed: number
  readonly cityMs: number | null
  readonly link: FleetLink
  /** performance.now() of the last frame or snapshot. */
  readonly heardAtMs: number | null
  /** Bikes by cell, of what was looked at last from too far away for single ones. */
  readonly counts: CountsFrame | null
  /** Tells what the map shows: places come for that alone, and for the bike of `follow` (its slot) wherever it is. */
  readonly look: LiveFleet['look']
}

const nothing: Omit<FleetNow, 'look'> = {
  table: null,
  version: 0,
  citySpeed: 1,
  cityMs: null,
  link: { kind: 'connecting' },
  heardAtMs: null,
  counts: null,
}

/** The fleet as it is now, redrawn once per live frame. */
export function useLiveFleet(onRefused: (refused: Refused) => void): FleetNow {
  const [fleet, setFleet] = useState<Omit<FleetNow, 'look'>>(nothing)
  const feed = useRef<LiveFleet | null>(null)
  useEffect(() => {
    const live = openLiveFleet({
      api: opsApi,
      live: deskLive,
      onTable: (table, { citySpeed }) =>
        setFleet((before) => ({ ...before, table, citySpeed, version: before.version + 1 })),
      onFrame: (table) => setFleet((before) => afterFrame(before, table, performance.now())),
      onCounts: (counts) => setFleet((before) => ({ ...before, counts })),
      onLink: (link) => {
        if (link.kind === 'broken' && isForPeople(link.code)) onRefused({ kind: 'refused', code: link.code })
        setFleet((before) => ({ ...before, link }))
      },
    })
    feed.current = live
    return () => {
      feed.current = null
      live.close()
    }
  }, [onRefused])
  const look = useCallback<LiveFleet['look']>((view, follow) => feed.current?.look(view, follow), [])
  return { ...fleet, look }
}

const isForPeople = (code: Refused['code']) =>
  code === 'log_in_first' || code === 'session_ended' || code === 'not_allowed'

function afterFrame(before: Omit<FleetNow, 'look'>, table: FleetTable, nowMs: number): Omit<FleetNow, 'look'> {
  const realMs = before.heardAtMs === null ? 0 : nowMs - before.heardAtMs
  const cityMs = before.cityMs === null ? 0 : table.cityMs - before.cityMs
  // frames come about once a second; shorter spans measure the network, not the city
  const citySpeed = realMs < 500 || cityMs <= 0 ? before.citySpeed : Math.max(1, Math.round(cityMs / realMs))
  return { ...before, table, citySpeed, cityMs: table.cityMs, version: before.version + 1, heardAtMs: nowMs }
}
