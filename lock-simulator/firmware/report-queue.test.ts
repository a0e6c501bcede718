import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeEvent } from '../../contracts/mqtt/codec.ts'
import type { Acknowledgement, Hello, LockEvent, TelemetryRecord } from '../../contracts/mqtt/reports.ts'
import {
  addAck,
  addEvent,
  addTelemetry,
  defaultPubackTimeoutMs,
  emptyQueue,
  eventLaneSize,
  goOffline,
  goOnline,
  isPubackLate,
  maxInFlight,
  onPuback,
  type Publication,
  pump,
  queueWakeAtMs,
  type ReportQueue,
  takeWrites,
  telemetryLaneSize,
} from './report-queue.ts'
import { recordsOf } from './telemetry-message.fixture.ts'

const boot = 3
const sid = '0123456789abcdef'
const stamp = (q: number) => ({ q, u: q, t: 0, tq: 0 as const })
const header = (q: number) => ({ v: 1 as const, b: boot, ...stamp(q) })
const boltEvent = (q: number): LockEvent => ({ ...header(q), k: 'bolt', from: 'locked', to: 'unlocked', by: 'cmd' })
const alarm = (q: number): LockEvent => ({ ...header(q), k: 'alarm', a: 'forced' })
const record = (q: number): TelemetryRecord => ({ ...stamp(q), soc: 80, bolt: 'locked' })
const ack = (q: number): Acknowledgement => ({ ...header(q), id: 'c', c: 1, st: 'acc', rc: 'ok', bolt: 'locked' })
const hello = (q: number): Hello => ({
  ...header(q),
  ...{ sid, fw: '1', hw: '1', rr: 'power', ctr: 0, res: [], bolt: 'locked', soc: 80, kv: 1 },
})
const connect = (queue: ReportQueue, q: number) => goOnline(queue, hello(q), { v: 1, on: 1, sid })
const waiting = (queue: ReportQueue) => queue.backlog.pages.flatMap(({ records }) => records.map(({ q }) => q))
const channels = (sent: readonly Publication[]) => sent.map(({ channel }) => channel)
const bytes = (text: string) => new TextEncoder().encode(text)

/** Connects and acknowledges everything as it comes, until nothing is left. */
function drain(queue: ReportQueue, fromMs: number): readonly Publication[] {
  const all: Publication[] = []
  for (let nowMs = fromMs; nowMs < fromMs + 600_000; nowMs += 200) {
    for (let sent = pump(queue, nowMs); sent.length > 0; sent = pump(queue, nowMs)) {
      all.push(...sent)
      for (const { ref } of sent) onPuback(queue, ref)
    }
  }
  return all
}

describe('after a reconnection', () => {
  it('hello leaves alone, then acknowledgements, birth, events, one fresh record, and the backlog last', () => {
    const queue = emptyQueue(boot)
    addTelemetry(queue, record(1))
    addEvent(queue, boltEvent(2))
    addAck(queue, ack(3))
    connect(queue, 4)
    addTelemetry(queue, record(5))
    expect(channels(pump(queue, 0))).toEqual(['hello'])
    expect(pump(queue, 0)).toEqual([])
    onPuback(queue, 1)
    const rest = pump(queue, 0)
    expect(channels(rest)).toEqual(['presence', 'ack', 'evt', 'tel', 'tel'])
    expect(rest.slice(1).map(({ payload }) => JSON.parse(payload).bf)).toEqual([1, 1, undefined, 1])
  })

  it('what had no PUBACK goes out again, in its order, marked as repeated', () => {
    const queue = emptyQueue(boot)
    connect(queue, 0)
    onPuback(queue, pump(queue, 0)[0]?.ref ?? 0)
    for (const q of [1, 2, 3]) addEvent(queue, boltEvent(q))
    const first = pump(queue, 0).filter(({ channel }) => channel === 'evt')
    takeWrites(queue)
    onPuback(queue, first[1]?.ref ?? 0)
    expect(takeWrites(queue)).toEqual([{ cell: 'erase-event', b: boot, q: 2 }])
    goOffline(queue)
    connect(queue, 9)
    const again = drain(queue, 1_000).filter(({ channel }) => channel === 'evt')
    expect(again.map(({ payload }) => JSON.parse(payload))).toMatchObject([
      { q: 1, bf: 1 },
      { q: 3, bf: 1 },
    ])
  })

  it('events of an earlier boot, read back from flash, keep their names', () => {
    const queue = emptyQueue(boot, [{ ...boltEvent(40), b: boot - 1 }])
    connect(queue, 0)
    const [, , evt] = drain(queue, 0)
    expect(decodeEvent(bytes(evt?.payload ?? ''))).toMatchObject({ ok: true, value: { b: boot - 1, q: 40, bf: 1 } })
  })
})

describe('the window', () => {
  it(`holds ${maxInFlight} messages, and a PUBACK makes room for the next`, () => {
    const queue = emptyQueue(boot)
    connect(queue, 0)
    onPuback(queue, pump(queue, 0)[0]?.ref ?? 0)
    for (let q = 1; q <= 20; q++) addEvent(queue, boltEvent(q))
    const sent = pump(queue, 0)
    expect(sent.length).toBe(maxInFlight)
    expect(pump(queue, 0)).toEqual([])
    onPuback(queue, sent[0]?.ref ?? 0)
    expect(pump(queue, 0).length).toBe(1)
  })

  it('is overdue 20 s after its oldest message', () => {
    const queue = emptyQueue(boot)
    connect(queue, 0)
    pump(queue, 5_000)
    expect(queueWakeAtMs(queue, defaultPubackTimeoutMs, 5_000)).toBe(25_000)
    expect(isPubackLate(queue, defaultPubackTimeoutMs, 24_999)).toBe(false)
    expect(isPubackLate(queue, defaultPubackTimeoutMs, 25_000)).toBe(true)
  })

  it('ignores a PUBACK that it does not know', () => {
    const queue = emptyQueue(boot)
    connect(queue, 0)
    pump(queue, 0)
    onPuback(queue, 99)
    expect(takeWrites(queue)).toEqual([])
    expect(queue.inFlight.length).toBe(1)
  })
})

describe('a long silence', () => {
  it('thins telemetry, oldest first, and drops no event while telemetry remains', () => {
    const queue = emptyQueue(boot)
    for (let q = 0; q < 10_000; q++) addTelemetry(queue, record(q))
    expect(queue.backlog.count).toBeLessThanOrEqual(telemetryLaneSize)
    const newest = waiting(queue).slice(-1_000)
    expect(newest).toEqual(Array.from({ length: 1_000 }, (_, index) => 9_000 + index))
    for (let q = 10_000; q < 10_000 + eventLaneSize + 400; q++) addEvent(queue, boltEvent(q))
    expect(queue.events.length).toBe(eventLaneSize + 400)
    expect(queue.backlog.count).toBeLessThanOrEqual(telemetryLaneSize - 400)
  })

  it('longer than all memory gives up alarms before bolt changes', () => {
    const queue = emptyQueue(boot)
    addEvent(queue, boltEvent(0))
    addEvent(queue, alarm(1))
    for (let q = 2; q < eventLaneSize + telemetryLaneSize; q++) addEvent(queue, boltEvent(q))
    addEvent(queue, boltEvent(90_000))
    expect(takeWrites(queue)).toContainEqual({ cell: 'erase-event', b: boot, q: 1 })
    addEvent(queue, boltEvent(90_001))
    expect(takeWrites(queue)).toContainEqual({ cell: 'erase-event', b: boot, q: 0 })
    expect(queue.events.length).toBe(eventLaneSize + telemetryLaneSize)
    expect([queue.droppedEvents, queue.keptBesideDropped]).toEqual([2, 0])
    // A day later the network is back: what is kept from then on was kept beside nothing that was dropped.
    connect(queue, 100_000)
    addTelemetry(queue, record(100_001))
    expect(queue.keptBesideDropped).toBe(0)
  })

  it('tells how much telemetry it kept when it dropped an event for it', () => {
    const queue = emptyQueue(boot)
    for (let q = 0; q < 3; q++) addTelemetry(queue, record(q))
    for (let q = 3; q < 6; q++) addEvent(queue, boltEvent(q), 2)
    expect([queue.droppedEvents, queue.keptBesideDropped]).toEqual([1, 3])
  })

  it('comes out in batches that every broker takes, five messages a second', () => {
    const queue = emptyQueue(boot)
    const full = { la: 30.123456, lo: 104.123456, ha: 12.5, fx: 3, sv: 12, sp: 4.2, hd: 311, fa: 120_000, mv: 4_011 }
    for (let q = 0; q < 2_000; q++) addTelemetry(queue, { ...record(q), ...full, t: 1_750_000_000_000, tq: 3 })
    connect(queue, 2_000)
    const batches = drain(queue, 0).filter(({ channel }) => channel === 'tel')
    expect(batches.flatMap(({ payload }) => recordsOf(payload).map(({ q }) => q))).toEqual(
      Array.from({ length: 2_000 }, (_, q) => q),
    )
    expect(batches.length).toBe(40)
  })
})

describe('the outbox', () => {
  it('loses no event, whatever the network does, and ends empty', () => {
    const act = fc.oneof(
      { weight: 3, arbitrary: fc.constant('event' as const) },
      fc.constantFrom('tel' as const, 'connect' as const, 'drop' as const, 'wait' as const),
      { weight: 3, arbitrary: fc.constant('puback' as const) },
    )
    fc.assert(
      fc.property(fc.array(act, { maxLength: 200 }), (acts) => {
        const queue = emptyQueue(boot)
        const made: number[] = []
        const proven: number[] = []
        const flying: number[] = []
        let nowMs = 0
        acts.forEach((kind, q) => {
          nowMs += kind === 'wait' ? 1_000 : 10
          if (kind === 'event') {
            addEvent(queue, boltEvent(q))
            made.push(q)
          }
          if (kind === 'tel') addTelemetry(queue, record(q))
          if (kind === 'connect') connect(queue, q)
          if (kind === 'drop') goOffline(queue)
          const ref = kind === 'puback' ? flying.shift() : undefined
          if (ref !== undefined) onPuback(queue, ref)
          for (const write of takeWrites(queue)) {
            if (write.cell === 'erase-event') proven.push(write.q)
          }
          flying.push(...pump(queue, nowMs).map((sent) => sent.ref))
          expect(queue.inFlight.length).toBeLessThanOrEqual(maxInFlight)
        })
        connect(queue, acts.length)
        const rest = drain(queue, nowMs + 10_000).filter(({ channel }) => channel === 'evt')
        const late = rest.map(({ payload }) => JSON.parse(payload).q as number)
        expect([...proven, ...late].sort((a, b) => a - b)).toEqual(made)
        expect(queueWakeAtMs(queue, defaultPubackTimeoutMs, nowMs)).toBe(null)
      }),
    )
  })
})
