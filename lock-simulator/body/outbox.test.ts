import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeEvent } from '../../contracts/mqtt/codec.ts'
import type { Hello, TelemetryRecord } from '../../contracts/mqtt/reports.ts'
import { factoryNvm, type NvmWrite } from '../firmware/journal.ts'
import {
  addEvent,
  addTelemetry,
  eventLaneSize,
  goOffline,
  goOnline,
  onPuback,
  pump,
  queueAtBoot,
  takeWrites,
  telemetryLaneSize,
} from '../firmware/report-queue.ts'
import { pageRecords } from '../firmware/telemetry-lane.ts'
import { telemetryOf } from '../firmware/telemetry-message.fixture.ts'
import { createFlash } from './flash.ts'

const sid = '0123456789abcdef'
const ringSize = eventLaneSize + telemetryLaneSize

/** One thing that happens to an outbox; the power may go in the middle of what it writes. */
interface Act {
  readonly kind: 'event' | 'events' | 'tel' | 'tels' | 'connect' | 'drop' | 'puback' | 'wait' | 'crash'
  /** Which of its writes is the last, and whether that one is torn; null: the power stays. */
  readonly cut: { readonly at: number; readonly torn: boolean } | null
}

/** An outbox over its flash through crashes. Names are `boot/q`, in the order in which they were made. */
function outboxInTime() {
  const flash = createFlash(factoryNvm(0, 'locked'))
  let boot = 1
  let q = 0
  let nowMs = 0
  let queue = queueAtBoot(boot, flash.read())
  let flying: number[] = []
  /** Events that are wholly in flash and whose PUBACK was not written down. */
  const owed = new Set<string>()
  const sentOn: string[][] = [[]]
  const sentTelemetry: string[] = []

  const header = () => ({ v: 1 as const, b: boot, q: q++, u: nowMs, t: 0, tq: 0 as const })
  const hello = (): Hello => ({
    ...header(),
    ...{ sid, fw: '1', hw: '1', rr: 'power', ctr: 0, res: [], bolt: 'locked', soc: 80, kv: 1 },
  })
  const record = (): TelemetryRecord => ({ q: q++, u: nowMs, t: 0, tq: 0, soc: 80, bolt: 'locked' })

  /** True when the power went in between. */
  function write(cut: Act['cut'], writes: readonly NvmWrite[] = takeWrites(queue)): boolean {
    for (const [index, one] of writes.entries()) {
      const isCut = cut?.at === index
      if (isCut && cut.torn) flash.tear(one)
      if (isCut) return true
      flash.write(one)
      if (one.cell === 'event') owed.add(`${one.event.b}/${one.event.q}`)
      if (one.cell === 'erase-event') owed.delete(`${one.b}/${one.q}`)
    }
    return false
  }

  function restart(): void {
    boot++
    q = 0
    queue = queueAtBoot(boot, flash.read())
    flying = []
    write(null)
  }

  function add(kind: 'event' | 'tel', cut: Act['cut']): boolean {
    if (kind === 'event') addEvent(queue, { ...header(), k: 'alarm', a: 'move' })
    else addTelemetry(queue, record())
    return write(cut)
  }

  function send(): void {
    for (const { ref, channel, payload } of pump(queue, nowMs)) {
      flying.push(ref)
      if (channel === 'evt') {
        const event = decodeEvent(new TextEncoder().encode(payload))
        if (!event.ok) throw new Error(event.why)
        sentOn.at(-1)?.push(`${event.value.b}/${event.value.q}`)
      }
      if (channel === 'tel') {
        const { b, r } = telemetryOf(payload)
        sentTelemetry.push(...r.map((one) => `${b}/${one.q}`))
      }
    }
  }

  function act({ kind, cut }: Act): void {
    nowMs += kind === 'wait' ? 1_000 : 10
    let isDead = kind === 'crash'
    const times = kind === 'events' ? 300 : kind === 'tels' ? 600 : 1
    const lane = kind === 'event' || kind === 'events' ? 'event' : 'tel'
    if (kind === 'event' || kind === 'events' || kind === 'tel' || kind === 'tels') {
      for (let i = 0; i < times && !isDead; i++) isDead = add(lane, i === times - 1 ? cut : null)
    }
    if (kind === 'connect') {
      sentOn.push([])
      flying = []
      goOnline(queue, hello(), { v: 1, on: 1, sid })
      isDead = write(cut)
    }
    if (kind === 'drop') {
      goOffline(queue)
      isDead = write(cut)
    }
    const ref = kind === 'puback' ? flying.shift() : undefined
    if (ref !== undefined) {
      onPuback(queue, ref)
      const writes = takeWrites(queue)
      isDead = write(cut, writes)
      // An erasing that was torn has spoilt the cell: the event is gone, and it was proven.
      for (const one of writes) if (cut?.torn && one.cell === 'erase-event') owed.delete(`${one.b}/${one.q}`)
    }
    if (isDead) restart()
    else send()
  }

  /** Connects in clear air and acknowledges everything; how many messages it took. */
  function drain(): number {
    act({ kind: 'connect', cut: null })
    let messages = 0
    for (let idle = 0; idle < 5; idle++) {
      while (flying.length > 0) {
        act({ kind: 'puback', cut: null })
        messages++
        idle = 0
      }
      act({ kind: 'wait', cut: null })
    }
    return messages
  }

  const readable = () => flash.read().events.flatMap((event) => (event ? [`${event.b}/${event.q}`] : []))
  const pages = () => flash.read().pages ?? []
  const records = () => pages().flatMap((page) => page?.records.map((one) => `${page.b}/${one.q}`) ?? [])
  return { act, drain, owed, sentOn, sentTelemetry, readable, records, pages, queue: () => queue }
}

const cut = fc.oneof({ weight: 4, arbitrary: fc.constant(null) }, fc.record({ at: fc.nat(3), torn: fc.boolean() }))
const kind = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom<Act['kind']>('event', 'tel', 'wait') },
  { weight: 6, arbitrary: fc.constant<Act['kind']>('puback') },
  { weight: 2, arbitrary: fc.constantFrom<Act['kind']>('connect', 'drop', 'crash') },
  { weight: 1, arbitrary: fc.constantFrom<Act['kind']>('events', 'tels') },
)
const acts = fc.array(fc.record<Act>({ kind, cut }), { maxLength: 80 })

describe('the outbox, through crashes and torn writes', () => {
  it('owes every event until it is proven, and gives up none while telemetry remains', () => {
    fc.assert(
      fc.property(acts, (all) => {
        const outbox = outboxInTime()
        let dropped = 0
        for (const act of all) {
          outbox.act(act)
          const queue = outbox.queue()
          if (queue.droppedEvents > dropped) expect(queue.backlog.count).toBe(0)
          dropped = queue.droppedEvents
          expect(new Set(outbox.readable())).toEqual(outbox.owed)
          expect(queue.events.length + queue.backlog.count).toBeLessThanOrEqual(ringSize)
        }
        const owed = [...outbox.owed]
        outbox.drain()
        expect(outbox.sentOn.at(-1)).toEqual(owed)
      }),
      { numRuns: 60 },
    )
  })

  it('says nothing for ever: once all is proven, flash is empty and nothing more is sent', () => {
    fc.assert(
      fc.property(acts, (all) => {
        const outbox = outboxInTime()
        for (const act of all) outbox.act(act)
        outbox.drain()
        expect(outbox.readable()).toEqual([])
        expect(outbox.pages()).toEqual([])
        expect(outbox.owed.size).toBe(0)
        outbox.act({ kind: 'crash', cut: null })
        // The hello and the birth, and nothing else.
        expect(outbox.drain()).toBe(2)
      }),
      { numRuns: 60 },
    )
  })

  it('keeps the order of events on every connection', () => {
    fc.assert(
      fc.property(acts, (all) => {
        const outbox = outboxInTime()
        for (const act of all) outbox.act(act)
        outbox.drain()
        for (const names of outbox.sentOn) expect(names).toEqual([...names].sort(byBirth))
      }),
      { numRuns: 60 },
    )
  })

  it('loses at most one page of telemetry to a torn write, and no record to a clean crash', () => {
    fc.assert(
      fc.property(acts, (all) => {
        const outbox = outboxInTime()
        for (const act of all) {
          if (act.kind !== 'tel' && act.kind !== 'event') {
            outbox.act({ ...act, cut: null })
            continue
          }
          const before = new Set(outbox.records())
          const thins = before.size >= telemetryLaneSize - eventLaneSize
          outbox.act(act)
          const after = new Set(outbox.records())
          const lost = [...before].filter((name) => !after.has(name)).length
          if (!thins) expect(lost).toBeLessThanOrEqual(act.cut?.torn ? pageRecords : 0)
        }
      }),
      { numRuns: 60 },
    )
  })
})

describe('after a reset', () => {
  it('events come first, and then the telemetry of the boots before, oldest first and marked as old', () => {
    const outbox = outboxInTime()
    for (const one of ['tels', 'crash', 'event', 'tels', 'crash', 'tel'] as const) outbox.act({ kind: one, cut: null })
    outbox.drain()
    expect(outbox.sentOn.at(-1)).toEqual(['2/0'])
    expect(outbox.sentTelemetry.length).toBe(1_201)
    expect(outbox.sentTelemetry).toEqual([...outbox.sentTelemetry].sort(byBirth))
  })

  it('a thinning that was interrupted has lost and doubled nothing', () => {
    // Its writes: the record, 26 coarser pages, 50 pages erased.
    for (const at of [0, 1, 20, 27, 30, 60, 76]) {
      const outbox = outboxInTime()
      for (let i = 0; i < 4; i++) outbox.act({ kind: 'tels', cut: null })
      for (let i = 0; i < telemetryLaneSize - 2_400; i++) outbox.act({ kind: 'tel', cut: null })
      const before = outbox.records()
      outbox.act({ kind: 'tel', cut: { at, torn: at % 2 === 0 } })
      outbox.drain()
      expect(new Set(outbox.sentTelemetry).size).toBe(outbox.sentTelemetry.length)
      expect(outbox.sentTelemetry.length).toBeGreaterThanOrEqual(telemetryLaneSize * 0.74)
      expect(outbox.sentTelemetry.slice(-1_000)).toEqual(expect.arrayContaining(before.slice(-900)))
    }
  })
})

function byBirth(one: string, other: string): number {
  const [b1 = 0, q1 = 0] = one.split('/').map(Number)
  const [b2 = 0, q2 = 0] = other.split('/').map(Number)
  return b1 - b2 || q1 - q2
}
