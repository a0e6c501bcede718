import type { FleetSnapshot } from '../../contracts/http/staff.ts'
import { decodeFleetFrame, type FleetFrame } from '../../contracts/live/fleet-frame.ts'
import type { Api, FailureCode } from '../api/api-client.ts'
import type { DeskSocket } from './desk-socket.ts'
import { applyFrame, type FleetTable, tableOfSnapshot } from './fleet-table.ts'

export type FleetLink =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'live' }
  | { readonly kind: 'stale' }
  | { readonly kind: 'broken'; readonly code: FailureCode }

export interface LiveFleet {
  readonly close: () => void
}

/** Frames come once a second: after this long without one, what is on the map is old. */
const staleAfterMs = 5_000
const betweenSnapshotsMs = 2_000
const longestWaitingFrames = 60

/**
 * Keeps one table of the fleet true: socket first, then the snapshot, then every frame after it. A gap in the sequence
 * fetches a new snapshot; a broken socket is opened again with growing pauses until `close`.
 * @param onTable a new table (first, and after each gap)   @param onFrame the table's columns have changed
 */
export function openLiveFleet(options: {
  readonly api: Api
  readonly live: DeskSocket
  readonly onTable: (table: FleetTable, snapshot: FleetSnapshot) => void
  readonly onFrame: (table: FleetTable) => void
  readonly onLink: (link: FleetLink) => void
}): LiveFleet {
  let table: FleetTable | null = null
  let waiting: FleetFrame[] = []
  let fetching = false
  let closed = false
  let staleTimer: ReturnType<typeof setTimeout> | null = null

  const fresh = () => {
    options.onLink({ kind: 'live' })
    if (staleTimer !== null) clearTimeout(staleTimer)
    staleTimer = setTimeout(() => options.onLink({ kind: 'stale' }), staleAfterMs)
  }

  async function fetchSnapshot() {
    if (fetching || closed) return
    fetching = true
    const answer = await options.api.get<FleetSnapshot>('/v1/staff/fleet')
    if (closed) return
    if (answer.kind === 'refused') {
      fetching = false
      options.onLink({ kind: 'broken', code: answer.code })
      return
    }
    table = tableOfSnapshot(answer.value)
    options.onTable(table, answer.value)
    fresh()
    const frames = waiting
    waiting = []
    for (const frame of frames) applyFrame(table, frame)
    options.onFrame(table)
    setTimeout(() => {
      fetching = false
    }, betweenSnapshotsMs)
  }

  function take(frame: FleetFrame) {
    if (table === null) {
      waiting.push(frame)
      if (waiting.length > longestWaitingFrames) waiting.shift()
      return
    }
    const outcome = applyFrame(table, frame)
    if (outcome === 'gap') void fetchSnapshot()
    if (outcome !== 'applied') return
    fresh()
    options.onFrame(table)
  }

  options.onLink({ kind: 'connecting' })
  const leave = options.live.listen({
    onFrame: (bytes) => {
      const frame = decodeFleetFrame(bytes)
      if (frame !== null) take(frame)
    },
    onState: (state) => {
      if (state === 'open') {
        fetching = false
        table = null
        waiting = []
        void fetchSnapshot()
      }
      if (state === 'waiting' || state === 'ended') {
        if (staleTimer !== null) clearTimeout(staleTimer)
        const code = state === 'ended' ? 'session_ended' : navigator.onLine ? 'unreachable' : 'offline'
        options.onLink({ kind: 'broken', code })
      }
    },
  })
  return {
    close: () => {
      closed = true
      if (staleTimer !== null) clearTimeout(staleTimer)
      leave()
    },
  }
}
