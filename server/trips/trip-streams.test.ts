import fastify from 'fastify'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { TripView } from '../../contracts/http/trips.ts'
import { asId, type TripId } from '../../contracts/ids.ts'
import { createTripStreams, type TripStreams } from './trip-streams.ts'

const tripId = asId<TripId>('019a8f3a-1e20-7b11-8a52-c1d40e9f7733')
let streams: TripStreams
let url: string
let state: TripView['state']
let close: () => Promise<void>

beforeEach(async () => {
  state = 'riding'
  streams = createTripStreams((fault) => {
    throw fault
  })
  const app = fastify({ forceCloseConnections: true })
  app.get('/events', (_, reply) => streams.open(reply, tripId, async () => ({ tripId, state }) as unknown as TripView))
  url = `${await app.listen({ port: 0, host: '127.0.0.1' })}/events`
  close = async () => {
    streams.closeAll()
    await app.close()
  }
})
afterEach(() => close())

/** One device of the rider: `next` is the state that it is told next, null when its stream was ended. */
async function device() {
  const aborts = new AbortController()
  const { body } = await fetch(url, { signal: aborts.signal })
  if (body === null) throw new Error('no stream')
  const reader = body.pipeThrough(new TextDecoderStream()).getReader()
  return {
    next: async () => {
      const { value } = await reader.read()
      return value === undefined ? null : (JSON.parse(value.replace('data: ', '')) as TripView).state
    },
    leave: () => aborts.abort(),
  }
}
type Device = Awaited<ReturnType<typeof device>>

it('two devices of a rider are told at once what either of them, or the lock, did', async () => {
  const [phone, tablet] = [await device(), await device()]
  expect([await phone.next(), await tablet.next()]).toEqual(['riding', 'riding'])
  state = 'ended'
  streams.changed(tripId)
  expect([await phone.next(), await tablet.next()]).toEqual(['ended', 'ended'])
})

it('the seventh page of a ride takes the place of the oldest, and the others go on', async () => {
  const pages: Device[] = []
  for (let i = 0; i < 7; i++) {
    const page = await device()
    await page.next()
    pages.push(page)
  }
  expect(await pages[0]?.next()).toBeNull()
  expect(streams.openCount()).toBe(6)
  state = 'paused'
  streams.changed(tripId)
  expect(await Promise.all(pages.slice(1).map((page) => page.next()))).toEqual(Array(6).fill('paused'))
})

it('a phone that went away is forgotten', async () => {
  const [phone, tablet] = [await device(), await device()]
  await Promise.all([phone.next(), tablet.next()])
  phone.leave()
  await expect.poll(() => streams.openCount()).toBe(1)
})
