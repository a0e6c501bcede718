import {
  addHole,
  type Drawing,
  deleteRing,
  deleteVertex,
  insertVertex,
  type LonLat,
  middleAfter,
  moveVertex,
  ringsOf,
  turnedInto,
  type VertexAt,
  vertexOf,
  withinRadius,
} from './drawing.ts'
import { movedBy } from './metres.ts'

/** `add`: a press on the map makes a corner. `look`: it chooses one. */
export type EditMode = 'add' | 'look'

export interface EditState {
  readonly drawing: Drawing
  /** Newest last. */
  readonly past: readonly Drawing[]
  /** What was undone; next last. */
  readonly future: readonly Drawing[]
  readonly selected: VertexAt | null
  /** The ring that new corners go to. */
  readonly ring: number
  readonly mode: EditMode
  /** What was drawn before the pointer took hold of a corner. */
  readonly held: Drawing | null
}

export type EditAct =
  | { readonly act: 'add'; readonly at: LonLat }
  | { readonly act: 'split'; readonly after: VertexAt }
  | { readonly act: 'step'; readonly east: number; readonly north: number }
  | { readonly act: 'put'; readonly at: LonLat }
  | { readonly act: 'drag'; readonly vertex: VertexAt; readonly at: LonLat }
  | { readonly act: 'drop' }
  | { readonly act: 'delete' }
  | { readonly act: 'delete_ring'; readonly ring: number }
  | { readonly act: 'hole' }
  | { readonly act: 'select'; readonly vertex: VertexAt | null }
  | { readonly act: 'mode'; readonly mode: EditMode }
  | { readonly act: 'escape' }
  | { readonly act: 'undo' }
  | { readonly act: 'redo' }
  | { readonly act: 'radius'; readonly radiusM: number }
  | { readonly act: 'shape'; readonly kind: Drawing['kind'] }

/** Steps back that are kept. */
export const mostUndo = 200

export const startEditing = (drawing: Drawing): EditState => ({
  drawing,
  past: [],
  future: [],
  selected: null,
  ring: 0,
  mode: isBlank(drawing) ? 'add' : 'look',
  held: null,
})

const isBlank = (drawing: Drawing): boolean =>
  drawing.kind === 'circle' ? drawing.centre === null : ringsOf(drawing).every(({ corners }) => corners.length === 0)

/** Everything that a person does to a drawing, by pointer, keys or buttons. */
export function edited(state: EditState, act: EditAct): EditState {
  const { drawing, selected } = state
  switch (act.act) {
    case 'add':
      return added(state, act.at)
    case 'split': {
      const middle = middleAfter(drawing, act.after)
      return middle === null ? state : insertedAfter(state, act.after, middle)
    }
    case 'step':
      return stepped(state, act)
    case 'put':
      if (selected === null) return added(state, act.at)
      return changed(state, moveVertex(drawing, selected, act.at))
    case 'drag':
      return {
        ...state,
        held: state.held ?? drawing,
        selected: act.vertex,
        ring: act.vertex.ring,
        drawing: moveVertex(drawing, act.vertex, act.at),
      }
    case 'drop':
      return state.held === null ? state : { ...changed({ ...state, drawing: state.held }, drawing), held: null }
    case 'delete':
      return selected === null ? state : deleted(state, selected)
    case 'delete_ring':
      return settled({ ...changed(state, deleteRing(drawing, act.ring)), selected: null })
    case 'hole': {
      const hole = addHole(drawing, state.ring)
      if (hole === null) return state
      return { ...changed(state, hole.drawing), ring: hole.ring, selected: null, mode: 'add' }
    }
    case 'select':
      return { ...state, selected: act.vertex, ring: act.vertex?.ring ?? state.ring }
    case 'mode':
      return { ...state, mode: act.mode }
    case 'escape':
      return escaped(state)
    case 'undo':
      return undone(state)
    case 'redo':
      return redone(state)
    case 'radius':
      return withRadius(state, act.radiusM)
    case 'shape': {
      const next = turnedInto(drawing, act.kind)
      return { ...changed(state, next), selected: null, ring: 0, mode: isBlank(next) ? 'add' : 'look' }
    }
  }
}

/** A step that can be undone; what is as before is none. */
function changed(state: EditState, drawing: Drawing): EditState {
  if (JSON.stringify(drawing) === JSON.stringify(state.drawing)) return { ...state, drawing }
  return { ...state, drawing, past: [...state.past, state.drawing].slice(-mostUndo), future: [] }
}

function stepped(state: EditState, by: { readonly east: number; readonly north: number }): EditState {
  const { drawing, selected } = state
  const from = selected === null ? null : vertexOf(drawing, selected)
  if (selected === null || from === null) return state
  return changed(state, moveVertex(drawing, selected, movedBy(from, by)))
}

function withRadius(state: EditState, radiusM: number): EditState {
  const { drawing } = state
  return drawing.kind === 'circle' ? changed(state, { ...drawing, radiusM: withinRadius(radiusM) }) : state
}

function added(state: EditState, at: LonLat): EditState {
  const { drawing, selected, ring } = state
  if (drawing.kind === 'circle') {
    return { ...changed(state, insertVertex(drawing, { ring: 0, vertex: -1 }, at)), selected: first, mode: 'look' }
  }
  const corners = ringsOf(drawing)[ring]?.corners ?? []
  return insertedAfter(state, selected?.ring === ring ? selected : { ring, vertex: corners.length - 1 }, at)
}

const first: VertexAt = { ring: 0, vertex: 0 }

function insertedAfter(state: EditState, after: VertexAt, at: LonLat): EditState {
  const next = changed(state, insertVertex(state.drawing, after, at))
  if (next.drawing === state.drawing || next.past === state.past) return state
  return { ...next, selected: { ring: after.ring, vertex: after.vertex + 1 }, ring: after.ring }
}

/** The corner before the one that went is chosen next, so that several can be deleted in a row. */
function deleted(state: EditState, vertex: VertexAt): EditState {
  const before = ringsOf(state.drawing).length
  const next = changed(state, deleteVertex(state.drawing, vertex))
  const isRingGone = ringsOf(next.drawing).length < before
  const selected = isRingGone ? null : { ring: vertex.ring, vertex: Math.max(0, vertex.vertex - 1) }
  return settled({ ...next, selected })
}

function escaped(state: EditState): EditState {
  if (state.held !== null) return { ...state, drawing: state.held, held: null }
  if (state.mode === 'add') return { ...withoutEmptyHole(state), mode: 'look' }
  return { ...state, selected: null }
}

/** A hole that was asked for and never begun. */
function withoutEmptyHole(state: EditState): EditState {
  const empty = ringsOf(state.drawing).find(({ isHole, corners }) => isHole && corners.length === 0)
  if (empty === undefined) return state
  return settled({ ...state, drawing: deleteRing(state.drawing, empty.ring), past: state.past.slice(0, -1) })
}

function undone(state: EditState): EditState {
  const before = state.past.at(-1)
  if (before === undefined || state.held !== null) return state
  return settled({ ...state, drawing: before, past: state.past.slice(0, -1), future: [...state.future, state.drawing] })
}

function redone(state: EditState): EditState {
  const next = state.future.at(-1)
  if (next === undefined || state.held !== null) return state
  return settled({ ...state, drawing: next, past: [...state.past, state.drawing], future: state.future.slice(0, -1) })
}

/** The choice and the ring, where these are not there any more. */
function settled(state: EditState): EditState {
  const rings = ringsOf(state.drawing)
  const ring = state.drawing.kind === 'circle' || state.ring >= rings.length ? 0 : state.ring
  const isThere = state.selected !== null && vertexOf(state.drawing, state.selected) !== null
  return { ...state, ring, selected: isThere ? state.selected : null }
}
