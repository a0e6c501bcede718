import type { TripView } from '../../contracts/http/trips.ts'
import type { Api } from './api-client.ts'

/** `live`: pushed; `polling`: asked for every few seconds; `lost`: neither works now. */
export type TripLink = 'live' | 'polling' | 'lost'

const pollEveryMs = 3_000
const firstRetryMs = 2_000
const longestRetryMs = 30_000

/**
 * Follows one trip until `stop` or until nothing about it can change: server-sent events where they pass, else polling.
 * @param onTrip told of each view, the first at once
 */
export function watchTrip(options: {
  readonly api: Api
  readonly tripId: string
  readonly onTrip: (trip: TripView) => void
  readonly onLink: (link: TripLink) => void
}): () => void {
  const path = `/v1/trips/${options.tripId}`
  let source: EventSource | null = null
  let retry: ReturnType<typeof setTimeout> | null = null
  let retryMs = firstRetryMs
  let live = false
  let over = false

  const tell = (trip: TripView) => {
    if (over) return
    options.onTrip(trip)
    if (isAtRest(trip)) stop()
  }
  const ask = async () => {
    const answer = await options.api.get<TripView>(path)
    if (over) return
    if (!live) options.onLink(answer.kind === 'ok' ? 'polling' : 'lost')
    if (answer.kind === 'ok') tell(answer.value)
  }
  const open = () => {
    if (over) return
    const opened = new EventSource(`${path}/events`)
    source = opened
    const heard = (event: MessageEvent) => {
      const trip = tripOf(event.data)
      if (trip === null || source !== opened) return
      live = true
      retryMs = firstRetryMs
      options.onLink('live')
      tell(trip)
    }
    opened.onmessage = heard
    opened.addEventListener('trip', heard)
    opened.onerror = () => {
      live = false
      opened.close()
      retry = setTimeout(open, retryMs)
      retryMs = Math.min(longestRetryMs, retryMs * 2)
    }
  }
  const poll = setInterval(() => {
    if (!live) void ask()
  }, pollEveryMs)
  function stop() {
    over = true
    clearInterval(poll)
    if (retry !== null) clearTimeout(retry)
    source?.close()
  }
  void ask()
  open()
  return stop
}

/** Whether nothing about the trip or its money will change by itself. */
export function isAtRest(trip: TripView): boolean {
  const moneyMoves = ['hold_pending', 'held', 'capture_pending', 'release_pending', 'refund_pending']
  const over = trip.state === 'charged' || trip.state === 'failed' || trip.state === 'cancelled'
  return over && !moneyMoves.includes(trip.payment.state)
}

function tripOf(data: unknown): TripView | null {
  if (typeof data !== 'string') return null
  try {
    const value: unknown = JSON.parse(data)
    return typeof value === 'object' && value !== null && 'tripId' in value ? (value as TripView) : null
  } catch (fault) {
    if (fault instanceof SyntaxError) return null
    throw fault
  }
}
