import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createTimerHeap } from './timer-heap.ts'

const drain = (heap: ReturnType<typeof createTimerHeap>, nowMs: number) => {
  for (let due = heap.popDue(nowMs); due !== null; due = heap.popDue(nowMs)) due.act?.()
}

describe('a heap of timers', () => {
  it('gives what is due by time and then by order of arrival, and nothing that was called off', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ atMs: fc.nat(50), isCalledOff: fc.boolean() }), { maxLength: 300 }), (plans) => {
        const heap = createTimerHeap()
        const done: number[] = []
        const entries = plans.map(({ atMs }, index) => heap.push(atMs, () => void done.push(index)))
        plans.forEach(({ isCalledOff }, index) => {
          const entry = entries[index]
          if (isCalledOff && entry) heap.cancel(entry)
        })
        drain(heap, 50)
        const wanted = plans
          .map((plan, index) => ({ ...plan, index }))
          .filter(({ isCalledOff }) => !isCalledOff)
          .sort((a, b) => a.atMs - b.atMs || a.index - b.index)
          .map(({ index }) => index)
        expect(done).toEqual(wanted)
      }),
    )
  })

  it('keeps what is not due yet', () => {
    const heap = createTimerHeap()
    heap.push(10, () => undefined)
    heap.push(20, () => undefined)
    drain(heap, 15)
    expect([heap.size(), heap.nextAtMs()]).toEqual([1, 20])
  })

  it('does not grow with timers that are set and called off again and again', () => {
    const heap = createTimerHeap()
    for (let i = 0; i < 10_000; i++) heap.cancel(heap.push(1_000_000 + i, () => undefined))
    expect(heap.size()).toBe(0)
    expect(heap.room()).toBeLessThan(200)
  })
})
