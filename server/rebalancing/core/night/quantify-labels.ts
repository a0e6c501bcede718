import type { Night } from './compile-night.ts'
import { brokenStep, type Steps, stateAfter, type Table, takeStep, unloadStep, worthOf } from './route-steps.ts'

/** More partial choices than this are not followed: the best found so far is then the answer. */
const mostLabels = 400_000
const enough = 1e-9

interface Search {
  readonly night: Night
  readonly van: number
  readonly steps: Steps
  /** Filled for the price `night.costPerS + lambda`: its values bound what can still be won. */
  readonly table: Table
  readonly lambda: number
  /** What `steps.chosen` wins already; -Infinity where it is unset. */
  readonly best: number
}

export interface Labels {
  /** Returns what the best quantities win, at least `search.best`, and leaves them in `search.steps.chosen`. */
  improve(search: Search): number
}

/** Partial choices (time, value) by state, step after step; kept are those that no other beats and the bound allows. */
export function boundedLabels(): Labels {
  const buffers = openBuffers()
  return { improve: (search) => improve(search, buffers) }
}

interface Buffers {
  count: number
  timeS: Float64Array
  value: Float64Array
  parent: Int32Array
  quantity: Uint8Array
  state: Int32Array
  next: Int32Array
  head: Int32Array
}

const openBuffers = (): Buffers => ({
  count: 0,
  timeS: new Float64Array(0),
  value: new Float64Array(0),
  parent: new Int32Array(0),
  quantity: new Uint8Array(0),
  state: new Int32Array(0),
  next: new Int32Array(0),
  head: new Int32Array(0),
})

function makeRoom(labels: Buffers, states: number): void {
  if (labels.head.length < states) labels.head = new Int32Array(states)
  if (labels.count < labels.timeS.length) return
  const size = Math.min(mostLabels, Math.max(1024, labels.timeS.length * 4))
  const grown = openBuffers()
  grown.timeS = new Float64Array(size)
  grown.value = new Float64Array(size)
  grown.parent = new Int32Array(size)
  grown.quantity = new Uint8Array(size)
  grown.state = new Int32Array(size)
  grown.next = new Int32Array(size)
  for (const key of ['timeS', 'value', 'parent', 'quantity', 'state', 'next'] as const) grown[key].set(labels[key])
  Object.assign(labels, { ...grown, head: labels.head, count: labels.count })
}

function improve(search: Search, labels: Buffers): number {
  const { night, van, steps, table } = search
  labels.count = 0
  makeRoom(labels, table.states)
  labels.timeS[0] = night.startS[van] as number
  labels.value[0] = 0
  labels.parent[0] = -1
  labels.state[0] = table.startState
  labels.count = 1
  let from = 0
  for (let s = 0; s < steps.count; s++) {
    const to = labels.count
    labels.head.fill(-1, 0, table.states)
    for (let label = from; label < to; label++) {
      if (label > 0 && labels.state[label] === -1) continue
      if (!extend(search, labels, { s, label })) return search.best
    }
    from = to
  }
  return takeBest(search, labels, from)
}

/** False when there are too many labels. */
function extend(search: Search, labels: Buffers, at: { s: number; label: number }): boolean {
  const { night, steps, table } = search
  const { s, label } = at
  const state = labels.state[label] as number
  const nowS = Math.max((labels.timeS[label] as number) + (steps.arcS[s] as number), steps.openS[s] as number)
  if (nowS > (steps.closeS[s] as number)) return true
  const usable = state % table.width
  const broken = (state - usable) / table.width
  const { least, most } = quantities(steps, table, { s, usable, broken })
  for (let q = least; q <= most; q++) {
    const timeS = nowS + q * night.perBikeS
    if (timeS > (night.endS[search.van] as number)) break
    const value = (labels.value[label] as number) + worthOf(night, steps, s, q)
    const after = stateAfter(steps, table, { s, state, q })
    if (boundOf(search, { s, after, timeS, value }) <= search.best + enough) continue
    if (labels.count >= mostLabels) return false
    keep(labels, { state: after, timeS, value, parent: label, quantity: q }, table.states)
  }
  return true
}

function quantities(steps: Steps, table: Table, at: { s: number; usable: number; broken: number }) {
  const kind = steps.kind[at.s] as number
  if (kind === unloadStep) return { least: at.broken, most: at.broken }
  if (kind > unloadStep) return { least: 0, most: 0 }
  const grows = kind === takeStep || kind === brokenStep
  const room = grows ? table.capacity - at.usable - at.broken : at.usable
  const fits = kind === brokenStep ? Math.min(room, table.mostBroken - at.broken) : room
  return { least: steps.least[at.s] as number, most: Math.min(steps.most[at.s] as number, fits) }
}

function boundOf(search: Search, at: { s: number; after: number; timeS: number; value: number }): number {
  const { night, van, table, lambda } = search
  const usedS = at.timeS - (night.startS[van] as number)
  const toGo = table.value[(at.s + 1) * table.states + at.after] as number
  return at.value + toGo - usedS * (night.costPerS + lambda) + lambda * table.spanS
}

interface Label {
  readonly state: number
  readonly timeS: number
  readonly value: number
  readonly parent: number
  readonly quantity: number
}

function keep(labels: Buffers, made: Label, states: number): void {
  let before = -1
  let other = labels.head[made.state] as number
  while (other !== -1) {
    const otherTimeS = labels.timeS[other] as number
    const otherValue = labels.value[other] as number
    if (otherTimeS <= made.timeS && otherValue >= made.value) return
    const after = labels.next[other] as number
    if (made.timeS <= otherTimeS && made.value >= otherValue) {
      labels.state[other] = -1
      if (before === -1) labels.head[made.state] = after
      else labels.next[before] = after
    } else before = other
    other = after
  }
  makeRoom(labels, states)
  const label = labels.count++
  labels.timeS[label] = made.timeS
  labels.value[label] = made.value
  labels.parent[label] = made.parent
  labels.quantity[label] = made.quantity
  labels.state[label] = made.state
  labels.next[label] = labels.head[made.state] as number
  labels.head[made.state] = label
}

function takeBest(search: Search, labels: Buffers, from: number): number {
  const { night, van, steps, table } = search
  let best = search.best
  let bestLabel = -1
  for (let label = from; label < labels.count; label++) {
    const state = labels.state[label] as number
    if (state < 0 || state >= table.width) continue
    const usedS = (labels.timeS[label] as number) - (night.startS[van] as number)
    const won = (labels.value[label] as number) - usedS * night.costPerS
    if (won > best) {
      best = won
      bestLabel = label
    }
  }
  for (let s = steps.count - 1, label = bestLabel; label > 0; s--) {
    steps.chosen[s] = labels.quantity[label] as number
    label = labels.parent[label] as number
  }
  return best
}
