import type { Schedule } from './schedule.ts'

interface Due {
  readonly atMs: number
  /** Of two acts due at the same moment the one that was asked for first comes first. */
  readonly order: number
  act: (() => void) | null
}

/** Time that stands still between events: a whole day of a city in seconds, the same on every run. */
export interface VirtualClock {
  nowMs(): number
  readonly schedule: Schedule
  /** Moves to the next due act and runs it; false when nothing is due up to `untilMs`. */
  step(untilMs: number): boolean
  /** Runs everything due up to `atMs`, and stands there. */
  runUntil(atMs: number): void
}

const sweepFrom = 1_024

export function createVirtualClock(startMs: number): VirtualClock {
  let nowMs = startMs
  let order = 0
  /** Binary heap, earliest first. What was called off is swept out when it prevails. */
  let heap: Due[] = []
  let calledOff = 0

  const isBefore = (a: Due, b: Due) => a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order)

  function push(due: Due): void {
    let at = heap.push(due) - 1
    while (at > 0) {
      const up = (at - 1) >> 1
      const parent = heap[up]
      if (parent === undefined || isBefore(parent, due)) break
      heap[at] = parent
      at = up
    }
    heap[at] = due
  }

  function pop(): void {
    const last = heap.pop()
    if (last === undefined || heap.length === 0) return
    let at = 0
    for (;;) {
      const child = smallerChild(at)
      const below = heap[child]
      if (below === undefined || isBefore(last, below)) break
      heap[at] = below
      at = child
    }
    heap[at] = last
  }

  function smallerChild(at: number): number {
    const [left, right] = [heap[2 * at + 1], heap[2 * at + 2]]
    return left && right && isBefore(right, left) ? 2 * at + 2 : 2 * at + 1
  }

  function sweep(): void {
    heap = heap.filter(({ act }) => act !== null)
    // In order of time an array is a heap.
    heap.sort((a, b) => a.atMs - b.atMs || a.order - b.order)
    calledOff = 0
  }

  function step(untilMs: number): boolean {
    for (let due = heap[0]; due !== undefined && due.atMs <= untilMs; due = heap[0]) {
      pop()
      if (due.act === null) {
        calledOff -= 1
        continue
      }
      nowMs = Math.max(nowMs, due.atMs)
      const act = due.act
      due.act = null
      act()
      return true
    }
    return false
  }

  return {
    nowMs: () => nowMs,
    schedule: (atMs, act) => {
      const due: Due = { atMs: Math.max(atMs, nowMs), order: order++, act }
      push(due)
      return () => {
        if (due.act === null) return
        due.act = null
        calledOff += 1
        if (calledOff > sweepFrom && calledOff > heap.length / 2) sweep()
      }
    },
    step,
    runUntil: (atMs) => {
      while (step(atMs));
      nowMs = Math.max(nowMs, atMs)
    },
  }
}
