import type { FastifyReply } from 'fastify'
import type { TripView } from '../../contracts/http/trips.ts'
import type { TripId } from '../../contracts/ids.ts'

/** Riders' open streams of server-sent events: each change of a trip goes to whoever watches it. */
export interface TripStreams {
  /** `read` asks for the newest view; null ends the stream. */
  open(reply: FastifyReply, tripId: TripId, read: () => Promise<TripView | null>): void
  /** The trip has changed; its watchers get the newest view. */
  changed(tripId: TripId): void
  openCount(): number
  closeAll(): void
}

/** Keeps connections alive through proxies and lets a running price tick even when nothing happens. */
const beatEveryMs = 15_000
/** A slow reader is cut off, and comes back by itself with the newest state. */
const mostBufferedBytes = 65_536

/** A rider's phone, tablet and a few forgotten tabs. */
const mostWatchersOfATrip = 6

interface Watcher {
  readonly push: () => void
  readonly end: () => void
}

export function createTripStreams(onError: (error: unknown) => void): TripStreams {
  const watchers = new Map<TripId, Set<Watcher>>()

  function open(reply: FastifyReply, tripId: TripId, read: () => Promise<TripView | null>): void {
    reply.hijack()
    const { raw } = reply
    // The phone may have gone while its trip was read: its `close` has been and will not come again.
    if (raw.destroyed || raw.closed) return
    raw.on('error', () => raw.destroy())
    raw.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      connection: 'keep-alive',
      'x-accel-buffering': 'no',
    })
    const send = (view: TripView | null): void => {
      if (view === null || raw.writableLength > mostBufferedBytes) raw.destroy()
      else raw.write(`data: ${JSON.stringify(view)}\n\n`)
    }
    // One read at a time and in order; a change during a read asks for one more.
    let reading = false
    let again = false
    const push = (): void => {
      if (reading) {
        again = true
        return
      }
      reading = true
      read()
        .then(send, onError)
        .finally(() => {
          reading = false
          if (again) {
            again = false
            push()
          }
        })
    }
    const beat = setInterval(push, beatEveryMs)
    const watcher: Watcher = { push, end: () => raw.end() }
    const those = watchers.get(tripId) ?? new Set()
    // Many pages of one rider: the oldest gives way, and comes back by asking.
    if (those.size >= mostWatchersOfATrip) [...those][0]?.end()
    watchers.set(tripId, those.add(watcher))
    raw.on('close', () => {
      clearInterval(beat)
      those.delete(watcher)
      if (those.size === 0) watchers.delete(tripId)
    })
    push()
  }

  return {
    open,
    changed: (tripId) => {
      for (const watcher of watchers.get(tripId) ?? []) watcher.push()
    },
    openCount: () => [...watchers.values()].reduce((sum, those) => sum + those.size, 0),
    closeAll: () => {
      for (const those of watchers.values()) for (const watcher of those) watcher.end()
    },
  }
}
