import type { FleetSnapshot } from '../../contracts/http/staff.ts'
import type { FleetView, LookedAt } from '../../contracts/live/fleet-view.ts'
import { type CountsFrame, decodeLiveFrame, type LiveFrame } from '../../contracts/live/live-frame.ts'
import type { Api, FailureCode } from '../api/api-client.ts'
import type { MapView } from '../map/map-point.ts'
import type { DeskSocket, DeskSocketState } from './desk-socket.ts'
import { applyFrame, type FleetTable, tableOfSnapshot } from './fleet-table.ts'

export type FleetLink =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'live' }
  | { readonly kind: 'stale' }
  | { readonly kind: 'broken'; readonly code: FailureCode }

export interface LiveFleet {
  /** What is looked at now: places come for it alone; `follow` is the slot of a bike that is told of wherever it is. */
  readonly look: (view: MapView, follow: number | null) => void
  readonly close: () => void
}

/** Frames come once a second: after this long without one, what is on the map is old. */
const staleAfterMs = 5_000
const betweenSnapshotsMs = 2_000
const firstRetryMs = 1_000
const longestRetryMs = 30_000
const longestWaitingFrames = 200
/** A map that is dragged tells where it is this often. */
const betweenLooksMs = 250
/** Until the map is there: all places, as on a map of everything. */
const wholeWorld: LookedAt = { box: [-180, -85, 180, 85], zoom: 15, follow: null }

/**
 * Keeps one table of the fleet true: the desk's socket says what is looked at, the snapshot comes over HTTP, then every
 * frame after it. A gap, or another server, fetches a new snapshot; after a lost line the server says all that is needed.
 * A page that is not seen looks at nothing.
 * @param onTable a new table (first, and after each gap)   @param onFrame the table's columns have changed
 */
export function openLiveFleet(options: {
  readonly api: Api
  readonly live: DeskSocket
  readonly onTable: (table: FleetTable, snapshot: FleetSnapshot) => void
  readonly onFrame: (table: FleetTable) => void
  /** Bikes by cell, while the map is too far away for single ones. */
  readonly onCounts?: (counts: CountsFrame) => void
  readonly onLink: (link: FleetLink) => void
}): LiveFleet {
  let table: FleetTable | null = null
  let waiting: LiveFrame[] = []
  let fetching = false
  let closed = false
  let view: LookedAt = wholeWorld
  let retryMs = firstRetryMs
  let staleTimer: ReturnType<typeof setTimeout> | undefined
  let fetchTimer: ReturnType<typeof setTimeout> | undefined
  let lookTimer: ReturnType<typeof setTimeout> | undefined

  const say = () => {
    const seen: FleetView = { view: document.hidden ? null : view }
    options.live.send(JSON.stringify(seen))
  }
  const fresh = () => {
    options.onLink({ kind: 'live' })
    clearTimeout(staleTimer)
    if (!document.hidden) staleTimer = setTimeout(() => options.onLink({ kind: 'stale' }), staleAfterMs)
  }

  function fetchLater(afterMs: number): void {
    if (closed || fetching) return
    fetching = true
    clearTimeout(fetchTimer)
    fetchTimer = setTimeout(() => void fetchSnapshot(), afterMs)
  }

  async function fetchSnapshot(): Promise<void> {
    const answer = await options.api.get<FleetSnapshot>('/v1/staff/fleet')
    if (closed) return
    fetching = false
    if (answer.kind === 'refused') {
      options.onLink({ kind: 'broken', code: answer.code })
      if (isOfSession(answer.code)) return
      fetchLater(retryMs)
      retryMs = Math.min(longestRetryMs, retryMs * 2)
      return
    }
    retryMs = firstRetryMs
    table = tableOfSnapshot(answer.value)
    options.onTable(table, answer.value)
    fresh()
    const frames = waiting
    waiting = []
    for (const frame of frames) take(frame)
  }

  function take(frame: LiveFrame): void {
    if (frame.kind === 'counts') {
      options.onCounts?.(frame)
      return
    }
    if (table === null || fetching) {
      waiting.push(frame)
      if (waiting.length > longestWaitingFrames) waiting.shift()
      return
    }
    const outcome = applyFrame(table, frame)
    if (outcome === 'gap') fetchLater(betweenSnapshotsMs)
    if (outcome !== 'applied') return
    fresh()
    if (frame.kind !== 'totals') options.onFrame(table)
  }

  function follow(state: DeskSocketState): void {
    if (state === 'open') {
      say()
      if (table === null) fetchLater(0)
    }
    if (state !== 'waiting' && state !== 'ended') return
    clearTimeout(staleTimer)
    const code = state === 'ended' ? 'session_ended' : navigator.onLine ? 'unreachable' : 'offline'
    options.onLink({ kind: 'broken', code })
  }

  const seen = () => {
    clearTimeout(staleTimer)
    say()
  }
  options.onLink({ kind: 'connecting' })
  document.addEventListener('visibilitychange', seen)
  const leave = options.live.listen({
    onFrame: (bytes) => {
      const frame = decodeLiveFrame(bytes)
      if (frame !== null) take(frame)
    },
    onState: follow,
  })
  return {
    look: ({ box, zoom }, slot) => {
      view = lookedAt(box, zoom, slot)
      lookTimer ??= setTimeout(() => {
        lookTimer = undefined
        say()
      }, betweenLooksMs)
    },
    close: () => {
      closed = true
      for (const timer of [staleTimer, fetchTimer, lookTimer]) clearTimeout(timer)
      document.removeEventListener('visibilitychange', seen)
      options.live.send(JSON.stringify({ view: null } satisfies FleetView))
      leave()
    },
  }
}

const isOfSession = (code: FailureCode) => code === 'log_in_first' || code === 'session_ended' || code === 'not_allowed'

/** Cut to what the server takes: a map of the whole world shows more than there is. */
function lookedAt({ west, south, east, north }: MapView['box'], zoom: number, follow: number | null): LookedAt {
  const lon = (value: number) => Math.min(180, Math.max(-180, value))
  const lat = (value: number) => Math.min(85, Math.max(-85, value))
  return {
    box: [lon(west), lat(south), lon(east), lat(north)],
    zoom: Math.min(24, Math.max(0, zoom)),
    follow,
  }
}
