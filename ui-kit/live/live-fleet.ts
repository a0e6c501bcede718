import type { FleetSnapshot } from '../../contracts/http/staff.ts'
import { decodeFleetFrame, type FleetFrame } from '../../contracts/live/fleet-frame.ts'
import type { Api, FailureCode } from '../api/api-client.ts'
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
const firstRetryMs = 1_000
const longestRetryMs = 15_000
const betweenSnapshotsMs = 2_000
const longestWaitingFrames = 60

/**
 * Keeps one table of the fleet true: socket first, then the snapshot, then every frame after it. A gap in the sequence
 * fetches a new snapshot; a broken socket is opened again with growing pauses until `close`.
 * @param onTable a new table (first, and after each gap)   @param onFrame the table's columns have changed
 */
export function openLiveFleet(options: {
  readonly api: Api
  readonly onTable: (table: FleetTable, snapshot: FleetSnapshot) => void
  readonly onFrame: (table: FleetTable) => void
  readonly onLink: (link: FleetLink) => void
}): LiveFleet {
  let socket: WebSocket | null = null
  let table: FleetTable | null = null
  let waiting: FleetFrame[] = []
  let fetching = false
  let closed = false
  let retryMs = firstRetryMs
  let staleTimer: ReturnType<typeof setTimeout> | null = null
  let retryTimer: ReturnType<typeof setTimeout> | null = null

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
      socket?.close()
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
    retryMs = firstRetryMs
    fresh()
    options.onFrame(table)
  }

  function open() {
    if (closed) return
    const opened = new WebSocket(`${location.origin.replace(/^http/, 'ws')}/v1/staff/live`)
    opened.binaryType = 'arraybuffer'
    socket = opened
    opened.onopen = () => {
      fetching = false
      table = null
      waiting = []
      void fetchSnapshot()
    }
    opened.onmessage = (event) => {
      const frame = event.data instanceof ArrayBuffer ? decodeFleetFrame(event.data) : null
      if (frame !== null) take(frame)
    }
    opened.onclose = () => {
      if (closed) return
      if (staleTimer !== null) clearTimeout(staleTimer)
      options.onLink({ kind: 'broken', code: navigator.onLine ? 'unreachable' : 'offline' })
      retryTimer = setTimeout(open, retryMs)
      retryMs = Math.min(longestRetryMs, retryMs * 2)
    }
  }

  options.onLink({ kind: 'connecting' })
  open()
  return {
    close: () => {
      closed = true
      for (const timer of [staleTimer, retryTimer]) if (timer !== null) clearTimeout(timer)
      socket?.close()
    },
  }
}
