import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { DeskEvent } from '../../contracts/live/desk-events.ts'
import { createDeskSocket, type DeskSocketState, type SocketLike } from './desk-socket.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A server's side of each socket that is opened. */
function openDesk() {
  const opened: Array<SocketLike & { sent: string[]; isClosed: boolean }> = []
  let nudge: () => void = () => undefined
  const desk = createDeskSocket({
    open: () => {
      const socket = {
        ...{ sent: [] as string[], isClosed: false, onopen: null, onmessage: null, onclose: null },
        send: (text: unknown) => void socket.sent.push(String(text)),
        close: () => {
          socket.isClosed = true
        },
      }
      opened.push(socket)
      return socket
    },
    nudges: (listener) => {
      nudge = listener
    },
    random: () => 0.5,
  })
  const last = () => opened.at(-1) as SocketLike
  return {
    ...{ desk, opened, nudge: () => nudge() },
    accept: () => last().onopen?.call(last() as WebSocket, new Event('open')),
    say: (data: unknown) => last().onmessage?.call(last() as WebSocket, { data } as MessageEvent),
    drop: (code = 1_006) => last().onclose?.call(last() as WebSocket, { code } as CloseEvent),
  }
}
function listenTo(desk: ReturnType<typeof openDesk>['desk']) {
  const events: DeskEvent[] = []
  const states: DeskSocketState[] = []
  const frames: ArrayBuffer[] = []
  const leave = desk.listen({
    onEvent: (event) => void events.push(event),
    onState: (state) => void states.push(state),
    onFrame: (frame) => void frames.push(frame),
  })
  return { events, states, frames, leave }
}

describe('the live line of a desk', () => {
  it('is one for all who listen, and hands frames and events to each', () => {
    const { desk, opened, accept, say } = openDesk()
    const [first, second] = [listenTo(desk), listenTo(desk)]
    accept()
    say('{"kind":"zones"}')
    say(new ArrayBuffer(8))
    say('no json')
    say('3')
    expect(opened).toHaveLength(1)
    for (const { events, frames } of [first, second]) {
      expect(events).toEqual([{ kind: 'zones' }])
      expect(frames).toHaveLength(1)
    }
  })

  it('stays open from one page to the next, and is closed when nobody comes', () => {
    const { desk, opened, accept } = openDesk()
    const first = listenTo(desk)
    accept()
    first.leave()
    vi.advanceTimersByTime(10_000)
    const second = listenTo(desk)
    expect([opened.length, second.states]).toEqual([1, ['open']])
    second.leave()
    vi.advanceTimersByTime(20_000)
    expect(opened[0]?.isClosed).toBe(true)
    const third = listenTo(desk)
    accept()
    expect([opened.length, third.events]).toEqual([2, []])
  })

  it('is opened again with growing pauses, and tells everybody to look again', () => {
    const { desk, opened, accept, drop } = openDesk()
    const { events, states } = listenTo(desk)
    accept()
    drop()
    const pauses: number[] = []
    for (let tries = 2; tries < 9; tries++) {
      let waited = 0
      while (opened.length < tries) {
        vi.advanceTimersByTime(100)
        waited += 100
      }
      pauses.push(waited)
      drop()
    }
    expect(pauses).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 20_000])
    vi.advanceTimersByTime(20_000)
    accept()
    expect(events).toEqual([{ kind: 'again' }])
    expect(states.at(-1)).toBe('open')
  })

  it('is tried at once when the page is seen again or the net is back', () => {
    const { desk, opened, accept, drop, nudge } = openDesk()
    listenTo(desk)
    accept()
    nudge()
    expect(opened).toHaveLength(1)
    drop()
    nudge()
    expect(opened).toHaveLength(2)
  })

  it('that says nothing for long is taken for dead', () => {
    const { desk, opened, accept, say } = openDesk()
    listenTo(desk)
    accept()
    vi.advanceTimersByTime(25_000)
    say('{"kind":"zones"}')
    vi.advanceTimersByTime(25_000)
    expect(opened).toHaveLength(1)
    vi.advanceTimersByTime(6_000)
    expect([opened.length, opened[0]?.isClosed]).toEqual([2, true])
  })

  it('whose session has ended is not tried again before somebody logs in and listens', () => {
    const { desk, opened, accept, drop, nudge } = openDesk()
    const { states } = listenTo(desk)
    accept()
    drop(4_401)
    nudge()
    vi.advanceTimersByTime(120_000)
    expect([opened.length, states.at(-1)]).toEqual([1, 'ended'])
    listenTo(desk)
    expect(opened).toHaveLength(2)
  })

  it('sends only while it is open', () => {
    const { desk, opened, accept, drop } = openDesk()
    listenTo(desk)
    desk.send('too early')
    accept()
    desk.send('now')
    drop()
    desk.send('too late')
    expect(opened[0]?.sent).toEqual(['now'])
  })
})
