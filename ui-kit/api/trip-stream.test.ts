import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { TripView } from '../../contracts/http/trips.ts'
import type { Answer } from './api-client.ts'
import { isAtRest, pollWaitMs, type TripBrowser, type TripLink, watchTrip } from './trip-stream.ts'

const trip = (state: TripView['state'], money: TripView['payment']['state'], over: Partial<TripView> = {}) =>
  ({
    tripId: 't',
    state,
    payment: { state: money, held: 100, captured: 0, refunded: 0 },
    cityTime: 0,
    ...over,
  }) as TripView
const riding = trip('riding', 'held')

describe('a trip', () => {
  it('is followed for as long as it or its money can still move', () => {
    expect(isAtRest(riding)).toBe(false)
    expect(isAtRest(trip('ended', 'capture_pending'))).toBe(false)
    expect(isAtRest(trip('failed', 'release_pending'))).toBe(false)
    expect(isAtRest(trip('charged', 'refund_pending'))).toBe(false)
  })
  it('is followed while the bike may still be put right', () => {
    const parking = { clearableUntil: 10, cleared: false } as NonNullable<TripView['parking']>
    expect(isAtRest(trip('charged', 'captured', { parking }))).toBe(false)
    expect(isAtRest(trip('charged', 'captured', { parking, cityTime: 10 as TripView['cityTime'] }))).toBe(true)
    expect(isAtRest(trip('charged', 'captured', { parking: { ...parking, cleared: true } }))).toBe(true)
  })
  it('is at rest when both are done', () => {
    expect(isAtRest(trip('charged', 'captured'))).toBe(true)
    expect(isAtRest(trip('failed', 'released'))).toBe(true)
    expect(isAtRest(trip('cancelled', 'expired'))).toBe(true)
  })
})

it('a server that does not answer is asked ever more slowly, at least twice a minute', () => {
  expect([0, 1, 2, 3, 4, 40].map(pollWaitMs)).toEqual([3_000, 6_000, 12_000, 24_000, 30_000, 30_000])
})

describe('a page that watches a ride', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  /** A page with a network that can be cut; times are those of the timers. */
  function openPage() {
    let answer: Answer<TripView> = { kind: 'ok', value: riding }
    let tell: Parameters<TripBrowser['listen']>[0] = () => undefined
    const seen = { asks: 0, trips: [] as string[], links: [] as TripLink[], refused: [] as string[] }
    const streams: {
      url: string
      isOpen: boolean
      onmessage?: (event: { data: string }) => void
      onerror?: () => void
    }[] = []
    const watch = watchTrip(
      {
        api: {
          get: async <T>() => {
            seen.asks++
            return answer as Answer<T>
          },
        },
        tripId: 't',
        onTrip: (view) => seen.trips.push(view.state),
        onLink: (link) => seen.links.at(-1) !== link && seen.links.push(link),
        onRefused: (refused) => seen.refused.push(refused.code),
      },
      {
        openStream: (url) => {
          const stream = {
            ...{ url, isOpen: true },
            close: () => {
              stream.isOpen = false
            },
          }
          streams.push(stream)
          return stream as unknown as EventSource
        },
        nowMs: () => Date.now(),
        isSeen: () => true,
        listen: (teller) => {
          tell = teller
          return () => undefined
        },
      },
    )
    return {
      ...{ watch, seen, streams },
      answers: (next: Answer<TripView>) => {
        answer = next
      },
      says: (view: TripView) => streams.at(-1)?.onmessage?.({ data: JSON.stringify(view) }),
      breaks: () => streams.at(-1)?.onerror?.(),
      news: (news: Parameters<typeof tell>[0]) => tell(news),
      open: () => streams.filter(({ isOpen }) => isOpen).length,
    }
  }
  const offline: Answer<TripView> = { kind: 'refused', code: 'offline' }

  it('is told at once while the stream lives, and asks nothing', async () => {
    const page = openPage()
    await vi.advanceTimersByTimeAsync(0)
    for (let i = 0; i < 8; i++) {
      page.says(riding)
      await vi.advanceTimersByTimeAsync(15_000)
    }
    expect(page.seen.asks).toBe(1)
    expect(page.seen.links).toEqual(['polling', 'live'])
  })

  it('takes a stream for dead that was silent for too long, and says truthfully that it asks', async () => {
    const page = openPage()
    await vi.advanceTimersByTimeAsync(0)
    page.says(riding)
    await vi.advanceTimersByTimeAsync(43_000)
    expect(page.seen.links).toEqual(['polling', 'live', 'polling'])
    expect(page.streams).toHaveLength(2)
    expect(page.open()).toBe(1)
  })

  it('opens no storm of streams when it is cut off each time: the wait grows to half a minute', async () => {
    const page = openPage()
    for (let i = 0; i < 200; i++) {
      page.says(riding)
      page.breaks()
      await vi.advanceTimersByTimeAsync(3_000)
    }
    expect(page.streams.length).toBeLessThan(30)
    page.watch.stop()
  })

  it('asks ever more slowly without a network, and at once when it is back', async () => {
    const page = openPage()
    await vi.advanceTimersByTimeAsync(0)
    page.answers(offline)
    page.news('offline')
    page.breaks()
    await vi.advanceTimersByTimeAsync(300_000)
    expect(page.seen.links.at(-1)).toBe('lost')
    expect(page.seen.asks).toBeLessThan(25)
    page.answers({ kind: 'ok', value: trip('ended', 'capture_pending') })
    page.news('online')
    await vi.advanceTimersByTimeAsync(0)
    expect(page.seen.trips.at(-1)).toBe('ended')
    expect(page.open()).toBe(1)
    page.watch.stop()
  })

  it('looks once a minute at a ride that is over, and follows it again when something moves', async () => {
    const page = openPage()
    await vi.advanceTimersByTimeAsync(0)
    page.answers({ kind: 'ok', value: trip('charged', 'captured') })
    page.says(trip('charged', 'captured'))
    expect(page.open()).toBe(0)
    const before = page.seen.asks
    await vi.advanceTimersByTimeAsync(600_000)
    expect(page.seen.asks - before).toBe(10)
    page.answers({ kind: 'ok', value: trip('charged', 'refund_pending') })
    page.watch.look()
    await vi.advanceTimersByTimeAsync(0)
    expect(page.open()).toBe(1)
    page.watch.stop()
    expect(page.open()).toBe(0)
  })

  it('stops and says so when the server refuses: the session has ended', async () => {
    const page = openPage()
    page.answers({ kind: 'refused', code: 'session_ended' })
    await vi.advanceTimersByTimeAsync(300_000)
    expect(page.seen.refused).toEqual(['session_ended'])
    expect(page.open()).toBe(0)
  })
})
