import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { TimelineItem } from '../../../contracts/http/bike-page.ts'
import { afterFor, mergePage, type Place, type Placed, readPlace, writePlace } from './timeline-page.ts'

const t0 = 1_790_000_000_000
const itemAt = (at: number, rank: number, id: number): Placed => ({
  sourceId: String(id),
  item: {
    ...{ id: `${rank}:${id}`, at, kind: 'message', title: 'hello', facts: {}, by: null, steps: [], link: null },
  } as TimelineItem,
})

/** A source as SQL would be: rows in memory, asked for what comes after a place. */
const readFrom = (rows: readonly Placed[], rank: number, place: Place | null, limit: number): readonly Placed[] => {
  const { at, sameMoment, belowId } = afterFor(rank, place)
  return rows
    .filter(({ item, sourceId }) => {
      const isLower = belowId !== null && Number(sourceId) < Number(belowId)
      return item.at <= at && (item.at < at || sameMoment || isLower)
    })
    .sort((a, b) => b.item.at - a.item.at || Number(b.sourceId) - Number(a.sourceId))
    .slice(0, limit)
}

describe('the pages of a timeline', () => {
  const history = fc.array(
    fc.array(fc.integer({ min: 0, max: 12 }), { maxLength: 25 }).map((moments) => moments.map((ms) => t0 + ms)),
    { minLength: 1, maxLength: 5 },
  )

  it('together are everything once, newest first, however many things happened at the same moment', () => {
    fc.assert(
      fc.property(history, fc.integer({ min: 1, max: 7 }), (moments, limit) => {
        const sources = moments.map((ats, rank) => ats.map((at, id) => itemAt(at, rank, id)))
        const seen: TimelineItem[] = []
        let place: Place | null = null
        for (let page = 0; page < 200; page++) {
          const read: readonly (readonly Placed[])[] = sources.map((rows, rank) =>
            readFrom(rows, rank, place, limit + 1),
          )
          const { items, next }: ReturnType<typeof mergePage> = mergePage(read, limit)
          expect(items.length).toBeLessThanOrEqual(limit)
          seen.push(...items)
          if (next === null) break
          place = readPlace(writePlace(next))
          expect(place).toEqual(next)
        }
        const all = sources.flat().map(({ item }) => item.id)
        expect(seen.map(({ id }) => id).sort()).toEqual(all.sort())
        expect(seen.map(({ at }) => at)).toEqual(seen.map(({ at }) => at).sort((a, b) => b - a))
      }),
    )
  })

  it('lose and repeat nothing of what was there, while new things happen', () => {
    fc.assert(
      fc.property(history, history, fc.integer({ min: 1, max: 5 }), (moments, later, limit) => {
        const old = moments.map((ats, rank) => ats.map((at, id) => itemAt(at, rank, id)))
        const grown = old.map((rows, rank) => [
          ...rows,
          ...(later[rank] ?? []).map((at, id) => itemAt(at + 100, rank, 1_000 + id)),
        ])
        const seen: string[] = []
        let place: Place | null = null
        for (let page = 0; page < 300; page++) {
          const now = page === 0 ? old : grown
          const read: readonly (readonly Placed[])[] = now.map((rows, rank) => readFrom(rows, rank, place, limit + 1))
          const { items, next }: ReturnType<typeof mergePage> = mergePage(read, limit)
          seen.push(...items.map(({ id }) => id))
          if (next === null) break
          place = next
        }
        expect(seen.sort()).toEqual(
          old
            .flat()
            .map(({ item }) => item.id)
            .sort(),
        )
      }),
    )
  })
})

it.each([
  '',
  'x',
  '1790000000000',
  '1790000000000.1',
  '5.1.2',
  '1790000000000.1.DROP',
  `1790000000000.123.${'a'.repeat(40)}`,
])('takes %j for no place', (text) => {
  expect(readPlace(text)).toBeNull()
})
