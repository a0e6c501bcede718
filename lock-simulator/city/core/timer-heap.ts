/** What is to happen at `atMs`; `act` is null once it was called off. */
export interface TimerEntry {
  readonly atMs: number
  readonly order: number
  act: (() => void) | null
}

/** A binary heap by time, then by order of arrival; entries that were called off are swept out when they prevail. */
export interface TimerHeap {
  push(atMs: number, act: () => void): TimerEntry
  cancel(entry: TimerEntry): void
  /** The earliest entry that still stands, if it is due. */
  popDue(nowMs: number): TimerEntry | null
  nextAtMs(): number | null
  /** Entries that still stand. */
  size(): number
  /** Entries in memory. */
  room(): number
}

const sweepFromEntries = 64

export function createTimerHeap(): TimerHeap {
  let entries: TimerEntry[] = []
  let cancelled = 0
  let order = 0

  const before = (a: TimerEntry, b: TimerEntry) => (a.atMs === b.atMs ? a.order < b.order : a.atMs < b.atMs)

  function rise(from: number): void {
    let at = from
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (!swapIfBefore(at, parent)) return
      at = parent
    }
  }

  function sink(from: number): void {
    let at = from
    for (;;) {
      const left = 2 * at + 1
      const right = left + 1
      const rightEntry = entries[right]
      const leftEntry = entries[left]
      if (leftEntry === undefined) return
      const least = rightEntry !== undefined && before(rightEntry, leftEntry) ? right : left
      if (!swapIfBefore(least, at)) return
      at = least
    }
  }

  function swapIfBefore(child: number, parent: number): boolean {
    const a = entries[child]
    const b = entries[parent]
    if (a === undefined || b === undefined || !before(a, b)) return false
    entries[child] = b
    entries[parent] = a
    return true
  }

  function takeFirst(): void {
    const last = entries.pop()
    if (last === undefined || entries.length === 0) return
    entries[0] = last
    sink(0)
  }

  function dropCancelledFront(): void {
    while (entries[0] !== undefined && entries[0].act === null) {
      takeFirst()
      cancelled--
    }
  }

  function sweep(): void {
    entries = entries.filter((entry) => entry.act !== null)
    cancelled = 0
    for (let at = (entries.length >> 1) - 1; at >= 0; at--) sink(at)
  }

  return {
    push: (atMs, act) => {
      const entry: TimerEntry = { atMs, order: order++, act }
      rise(entries.push(entry) - 1)
      return entry
    },
    cancel: (entry) => {
      if (entry.act === null) return
      entry.act = null
      cancelled++
      if (entries.length > sweepFromEntries && cancelled > entries.length / 2) sweep()
    },
    popDue: (nowMs) => {
      dropCancelledFront()
      const first = entries[0]
      if (first === undefined || first.atMs > nowMs) return null
      takeFirst()
      return first
    },
    nextAtMs: () => {
      dropCancelledFront()
      return entries[0]?.atMs ?? null
    },
    size: () => entries.length - cancelled,
    room: () => entries.length,
  }
}
