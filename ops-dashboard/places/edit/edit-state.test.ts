import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Drawing,
  drawingOf,
  emptyArea,
  emptyCircle,
  geometryOf,
  type LonLat,
  ringsOf,
  vertexOf,
} from './drawing.ts'
import { type EditAct, type EditState, edited, mostUndo, startEditing } from './edit-state.ts'

const place = fc
  .tuple(fc.integer({ min: 40, max: 60 }), fc.integer({ min: 510, max: 530 }))
  .map(([lon, lat]): LonLat => [lon / 10, lat / 10])
const vertex = fc.record({ ring: fc.nat({ max: 3 }), vertex: fc.nat({ max: 8 }) })
const metres = fc.constantFrom(-10, -1, 0, 1, 10)
const step: fc.Arbitrary<EditAct> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ act: fc.constant('add' as const), at: place }) },
  fc.record({ act: fc.constant('split' as const), after: vertex }),
  fc.record({ act: fc.constant('step' as const), east: metres, north: metres }),
  fc.record({ act: fc.constant('put' as const), at: place }),
  fc.record({ act: fc.constant('drag' as const), vertex, at: place }),
  fc.record({ act: fc.constant('drop' as const) }),
  fc.record({ act: fc.constant('delete' as const) }),
  fc.record({ act: fc.constant('delete_ring' as const), ring: fc.nat({ max: 3 }) }),
  fc.record({ act: fc.constant('hole' as const) }),
  fc.record({ act: fc.constant('select' as const), vertex: fc.option(vertex) }),
  fc.record({ act: fc.constant('mode' as const), mode: fc.constantFrom('add' as const, 'look' as const) }),
  fc.record({ act: fc.constant('escape' as const) }),
  fc.record({ act: fc.constant('undo' as const) }),
  fc.record({ act: fc.constant('redo' as const) }),
  fc.record({ act: fc.constant('radius' as const), radiusM: fc.integer({ min: -5, max: 900 }) }),
  fc.record({ act: fc.constant('shape' as const), kind: fc.constantFrom('area' as const, 'circle' as const) }),
)
const start = fc.constantFrom<Drawing>(emptyArea, emptyCircle)
const editedBy = (drawing: Drawing, acts: readonly EditAct[]): EditState => acts.reduce(edited, startEditing(drawing))

describe('any drawing, whatever a person does', () => {
  it('goes back step by step to what it was, and forth again to what it is', () => {
    fc.assert(
      fc.property(start, fc.array(step, { maxLength: 40 }), (drawing, acts) => {
        const settled = editedBy(drawing, [...acts, { act: 'drop' }])
        const steps = settled.past.length
        let back = settled
        for (let i = 0; i < steps; i++) back = edited(back, { act: 'undo' })
        expect(back.drawing).toEqual(settled.past[0] ?? settled.drawing)
        expect(back.past).toEqual([])
        let forth = back
        for (let i = 0; i < steps; i++) forth = edited(forth, { act: 'redo' })
        expect(forth.drawing).toEqual(settled.drawing)
        expect(forth.past).toEqual(settled.past)
      }),
    )
  })

  it('undoes each act to exactly what was before it', () => {
    fc.assert(
      fc.property(start, fc.array(step, { maxLength: 25 }), step, (drawing, acts, last) => {
        const before = editedBy(drawing, [...acts, { act: 'drop' }])
        const next = edited(edited(before, last), { act: 'drop' })
        const isStep = next.past.length > before.past.length && next.past.at(-1) === before.drawing
        if (isStep) expect(edited(next, { act: 'undo' }).drawing).toEqual(before.drawing)
        else if (last.act !== 'undo' && last.act !== 'redo' && last.act !== 'escape') {
          expect(next.drawing).toEqual(before.drawing)
        }
      }),
    )
  })

  it('has closed rings, a choice that is there, and comes back from GeoJSON as it went', () => {
    fc.assert(
      fc.property(start, fc.array(step, { maxLength: 40 }), (drawing, acts) => {
        const state = editedBy(drawing, acts)
        const geometry = geometryOf(state.drawing)
        if (geometry !== null && geometry.type !== 'Point') {
          const rings = geometry.type === 'Polygon' ? geometry.coordinates : geometry.coordinates.flat()
          for (const ring of rings) {
            expect(ring.length).toBeGreaterThanOrEqual(4)
            expect(ring.at(-1)).toEqual(ring[0])
          }
          const kept = ringsOf(state.drawing).filter(({ corners }) => corners.length > 0)
          const back = drawingOf({ geometry, properties: { kind: 'no_ride', name: 'x' } })
          expect(ringsOf(back).map(({ corners }) => corners)).toEqual(kept.map(({ corners }) => corners))
        }
        if (state.selected !== null && acts.at(-1)?.act !== 'select' && acts.at(-1)?.act !== 'drag') {
          const wasOdd = acts.some(({ act }) => act === 'select' || act === 'drag')
          if (!wasOdd) expect(vertexOf(state.drawing, state.selected)).not.toBeNull()
        }
        expect(state.past.length).toBeLessThanOrEqual(mostUndo)
        if (state.drawing.kind === 'area') {
          expect(state.drawing.polygons.length).toBeGreaterThan(0)
          expect(state.drawing.polygons.every((rings) => rings.length > 0)).toBe(true)
        }
      }),
    )
  })

  it('keeps all other corners where they are when one is moved', () => {
    fc.assert(
      fc.property(fc.array(place, { minLength: 3, maxLength: 12 }), fc.nat(), place, (corners, pick, to) => {
        const chosen = { ring: 0, vertex: pick % corners.length }
        const drawn = editedBy({ kind: 'area', polygons: [[corners]] }, [
          { act: 'select', vertex: chosen },
          { act: 'put', at: to },
        ])
        const [ring] = ringsOf(drawn.drawing)
        expect(ring?.corners).toEqual(corners.with(chosen.vertex, to))
      }),
    )
  })
})

describe('drawing', () => {
  const square: readonly LonLat[] = [
    [4, 52],
    [5, 52],
    [5, 53],
    [4, 53],
  ]
  const drawn = () =>
    editedBy(
      emptyArea,
      square.map((at) => ({ act: 'add', at })),
    )

  it('puts corners one after another, and after the chosen one', () => {
    expect(ringsOf(drawn().drawing)[0]?.corners).toEqual(square)
    const between = [
      { act: 'select', vertex: { ring: 0, vertex: 0 } },
      { act: 'add', at: [4.5, 51.9] },
    ] as const
    const state = between.reduce<EditState>(edited, drawn())
    expect(ringsOf(state.drawing)[0]?.corners[1]).toEqual([4.5, 51.9])
    expect(state.selected).toEqual({ ring: 0, vertex: 1 })
  })

  it('moves a whole metre per step, and what is dragged is one step', () => {
    const chosen = edited(drawn(), { act: 'select', vertex: { ring: 0, vertex: 2 } })
    const [lon = 0, lat = 0] =
      vertexOf(edited(chosen, { act: 'step', east: 0, north: 10 }).drawing, { ring: 0, vertex: 2 }) ?? []
    expect([lon, Math.round((lat - 53) * 111_195)]).toEqual([5, 10])
    const drags = [5.1, 5.2, 5.3].map((at) => ({ act: 'drag', vertex: { ring: 0, vertex: 1 }, at: [at, 52] }) as const)
    const dropped = edited(drags.reduce<EditState>(edited, chosen), { act: 'drop' })
    expect(dropped.past).toHaveLength(chosen.past.length + 1)
    expect(edited(dropped, { act: 'undo' }).drawing).toEqual(chosen.drawing)
  })

  it('lets go of what is held, then of the mode, then of the choice, with Escape', () => {
    const held = edited(drawn(), { act: 'drag', vertex: { ring: 0, vertex: 0 }, at: [3, 52] })
    const free = edited(held, { act: 'escape' })
    expect([free.drawing, free.held, free.mode]).toEqual([drawn().drawing, null, 'add'])
    const looking = edited(free, { act: 'escape' })
    expect([looking.mode, looking.selected]).toEqual(['look', { ring: 0, vertex: 0 }])
    expect(edited(looking, { act: 'escape' }).selected).toBeNull()
  })

  it('cuts a hole, and forgets one that nobody began', () => {
    const hole = edited(drawn(), { act: 'hole' })
    expect([hole.ring, hole.mode]).toEqual([1, 'add'])
    const begun = edited(hole, { act: 'add', at: [4.5, 52.5] })
    expect(ringsOf(begun.drawing)[1]).toMatchObject({ isHole: true, corners: [[4.5, 52.5]] })
    expect(geometryOf(begun.drawing)).toBeNull()
    expect(edited(hole, { act: 'escape' }).drawing).toEqual(drawn().drawing)
    expect(ringsOf(edited(begun, { act: 'delete' }).drawing)).toHaveLength(1)
  })

  it('of a circle is its centre and its radius, within bounds', () => {
    const circle = editedBy(emptyCircle, [
      { act: 'add', at: [4.7, 52.3] },
      { act: 'radius', radiusM: 9_000 },
    ])
    expect(circle).toMatchObject({ drawing: { centre: [4.7, 52.3], radiusM: 500 }, mode: 'look' })
    expect(geometryOf(circle.drawing)).toEqual({ type: 'Point', coordinates: [4.7, 52.3] })
  })
})
