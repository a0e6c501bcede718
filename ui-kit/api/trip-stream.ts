import type { TripView } from '../../contracts/http/trips.ts'
import { type Answer, type Api, isNetworkTrouble, type Refused } from './api-client.ts'

/** `live`: pushed; `polling`: asked for every few seconds; `lost`: neither works now. */
export type TripLink = 'live' | 'polling' | 'lost'

const pollEveryMs = 3_000
const longestPollMs = 30_000
/** A ride that is over and paid still gets refunds, and answers to appeals. */
const restPollMs = 60_000
const firstRetryMs = 2_000
const longestRetryMs = 30_000
/** The server says something every 15 s: a stream that was silent for so long is dead, whatever the browser thinks. */
const silentMs = 40_000
/** Only a stream that lived so long is tried again soon: one of too many open pages is cut off at once. */
const steadyMs = 20_000

/** What a page can be told by its browser. */
export interface TripBrowser {
  readonly openStream: (url: string) => EventSource
  readonly nowMs: () => number
  readonly isSeen: () => boolean
  /** Told that the network came or went, or that the page is seen again; returns the way to stop. */
  readonly listen: (tell: (news: 'online' | 'offline' | 'seen') => void) => () => void
}

export interface TripWatch {
  readonly stop: () => void
  /** Asks now: something was done to the trip. */
  readonly look: () => void
}

/**
 * Follows one trip until stopped: server-sent events where they pass, else polling, ever more slowly while nothing
 * answers and at once when the network is back. A trip at rest is looked at once a minute.
 * @param onTrip told of each view   @param onRefused the server's own no: not logged in any more, no trip of this rider
 */
export function watchTrip(
  options: {
    readonly api: Pick<Api, 'get'>
    readonly tripId: string
    readonly onTrip: (trip: TripView) => void
    readonly onLink: (link: TripLink) => void
    readonly onRefused: (refused: Refused) => void
  },
  browser: TripBrowser = thisBrowser,
): TripWatch {
  const path = `/v1/trips/${options.tripId}`
  let source: EventSource | null = null
  let openedAtMs = 0
  let retryMs = firstRetryMs
  let fails = 0
  let live = false
  let resting = false
  let asking = false
  let over = false
  let pollTimer: Timer = null
  let retryTimer: Timer = null
  let silentTimer: Timer = null

  const take = (trip: TripView) => {
    if (over) return
    options.onTrip(trip)
    const rests = isAtRest(trip)
    if (rests === resting) return
    resting = rests
    if (rests) close()
    else open()
    schedule()
  }
  const ask = async () => {
    if (asking || over) return
    asking = true
    const answer: Answer<TripView> = await options.api.get<TripView>(path)
    asking = false
    if (over) return
    if (answer.kind === 'ok') {
      fails = 0
      if (!live) options.onLink('polling')
      return take(answer.value)
    }
    if (isNetworkTrouble(answer.code)) {
      fails++
      if (!live) options.onLink('lost')
      return
    }
    options.onRefused(answer)
    stop()
  }
  const schedule = () => {
    clear(pollTimer)
    pollTimer = setTimeout(
      () => {
        if ((!live || resting) && browser.isSeen()) void ask().finally(() => over || schedule())
        else schedule()
      },
      resting ? restPollMs : pollWaitMs(fails),
    )
  }
  const open = () => {
    close()
    if (over || resting) return
    const opened = browser.openStream(`${path}/events`)
    source = opened
    openedAtMs = browser.nowMs()
    opened.onmessage = (event: MessageEvent) => {
      const trip = tripOf(event.data)
      if (trip === null || source !== opened) return
      live = true
      fails = 0
      clear(silentTimer)
      silentTimer = setTimeout(broken, silentMs)
      options.onLink('live')
      take(trip)
    }
    opened.onerror = () => source === opened && broken()
  }
  const close = () => {
    live = false
    clear(silentTimer)
    clear(retryTimer)
    source?.close()
    source = null
  }
  const broken = () => {
    if (browser.nowMs() - openedAtMs >= steadyMs) retryMs = firstRetryMs
    close()
    retryTimer = setTimeout(open, retryMs)
    retryMs = Math.min(longestRetryMs, retryMs * 2)
    void ask()
  }
  const deaf = browser.listen((news) => {
    if (news === 'offline') {
      close()
      return options.onLink('lost')
    }
    fails = 0
    void ask()
    if (news === 'online' || !live) {
      retryMs = firstRetryMs
      open()
    }
    schedule()
  })
  function stop() {
    over = true
    deaf()
    clear(pollTimer)
    close()
  }
  void ask()
  open()
  schedule()
  return { stop, look: () => void ask() }
}

type Timer = ReturnType<typeof setTimeout> | null
const clear = (timer: Timer) => {
  if (timer !== null) clearTimeout(timer)
}

/** How long to wait before the next question after so many in a row that nobody answered. */
export const pollWaitMs = (fails: number): number => Math.min(longestPollMs, pollEveryMs * 2 ** Math.min(fails, 10))

/** Whether nothing about the trip or its money will change by itself. */
export function isAtRest(trip: TripView): boolean {
  const moneyMoves = ['hold_pending', 'held', 'capture_pending', 'release_pending', 'refund_pending']
  const over = trip.state === 'charged' || trip.state === 'failed' || trip.state === 'cancelled'
  const mayGetCheaper =
    trip.parking != null && !trip.parking.cleared && (trip.parking.clearableUntil ?? 0) > trip.cityTime
  return over && !mayGetCheaper && !moneyMoves.includes(trip.payment.state)
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

const thisBrowser: TripBrowser = {
  openStream: (url) => new EventSource(url),
  nowMs: () => performance.now(),
  isSeen: () => document.visibilityState === 'visible',
  listen: (tell) => {
    const online = () => tell('online')
    const offline = () => tell('offline')
    const seen = () => document.visibilityState === 'visible' && tell('seen')
    addEventListener('online', online)
    addEventListener('offline', offline)
    document.addEventListener('visibilitychange', seen)
    return () => {
      removeEventListener('online', online)
      removeEventListener('offline', offline)
      document.removeEventListener('visibilitychange', seen)
    }
  },
}
