import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from 'react'
import type { ZoneProblem } from '../../../contracts/http/zones.ts'
import { useText } from '../../../ui-kit/i18n/text.ts'
import { type LonLat, ringsOf, type VertexAt } from './drawing.ts'
import type { EditAct, EditState } from './edit-state.ts'

const rowPx = 44
const rowsAround = 8

interface Row extends VertexAt {
  readonly isHole: boolean
  readonly at: LonLat
}

/** The same corners as on the map, in their order: arrows choose, Delete deletes, + puts one after, Enter goes to move. */
export function CornerList({
  state,
  act,
  problems,
  onMove,
}: {
  readonly state: EditState
  readonly act: (act: EditAct) => void
  readonly problems: readonly ZoneProblem[]
  /** The person wants to move the chosen corner. */
  readonly onMove: () => void
}) {
  const { t } = useText()
  const id = useId()
  const { drawing, selected } = state
  const rows = useMemo(
    () =>
      ringsOf(drawing).flatMap(({ ring, isHole, corners }) =>
        corners.map((at, vertex): Row => ({ ring, vertex, isHole, at })),
      ),
    [drawing],
  )
  const place = rows.findIndex(({ ring, vertex }) => ring === selected?.ring && vertex === selected.vertex)
  const { box, first, last } = useWindow(rows.length, place)
  const select = (index: number) => {
    const row = rows[Math.max(0, Math.min(rows.length - 1, index))]
    if (row !== undefined) act({ act: 'select', vertex: { ring: row.ring, vertex: row.vertex } })
  }
  const onKey = (event: KeyboardEvent) => {
    const target = { ArrowDown: place + 1, ArrowUp: place - 1, Home: 0, End: rows.length - 1 }[event.key]
    if (target !== undefined) select(target)
    else if (event.key === 'Delete' || event.key === 'Backspace') act({ act: 'delete' })
    else if (event.key === '+' && selected !== null) act({ act: 'split', after: selected })
    else if (event.key === 'Enter' && selected !== null) onMove()
    else return
    event.preventDefault()
  }
  if (rows.length === 0) return <p className="soft">{t('zones.no_corners')}</p>
  return (
    <div
      ref={box}
      className="corner-rows"
      role="listbox"
      tabIndex={0}
      aria-label={t('zones.corners')}
      aria-describedby="corner-keys"
      aria-activedescendant={place >= first && place < last ? `${id}-${place}` : undefined}
      onKeyDown={onKey}
    >
      <div style={{ height: rows.length * rowPx }}>
        {rows.slice(first, last).map((row, offset) => {
          const index = first + offset
          const marks = marksOf(problems, row)
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the listbox has the keys
            <div
              key={`${row.ring}.${row.vertex}`}
              id={`${id}-${index}`}
              role="option"
              tabIndex={-1}
              aria-selected={index === place}
              aria-setsize={rows.length}
              aria-posinset={index + 1}
              className="corner-row"
              data-wrong={marks.length > 0}
              style={{ top: index * rowPx }}
              onClick={() => select(index)}
            >
              <strong className="number">{row.vertex + 1}</strong>
              {row.isHole && <span className="badge">{t('zones.hole_name', { hole: row.ring })}</span>}
              <span className="number">
                {row.at[1].toFixed(5)}, {row.at[0].toFixed(5)}
              </span>
              {marks.length > 0 && (
                <span className="corner-wrong">{t('zones.wrong_here', { numbers: marks.join(', ') })}</span>
              )}
            </div>
          )
        })}
      </div>
    </div>
  )
}

const marksOf = (problems: readonly ZoneProblem[], { ring, vertex }: VertexAt): readonly number[] =>
  problems.flatMap((problem, index) => (problem.ring === ring && problem.vertex === vertex ? [index + 1] : []))

/** Which rows are drawn: those in sight and some around them. The chosen one is brought into sight. */
function useWindow(count: number, chosen: number) {
  const box = useRef<HTMLDivElement>(null)
  const [seen, setSeen] = useState({ top: 0, height: 264 })
  const isEmpty = count === 0
  useEffect(() => {
    const element = box.current
    if (element === null || isEmpty) return
    const look = () => setSeen({ top: element.scrollTop, height: element.clientHeight })
    look()
    element.addEventListener('scroll', look, { passive: true })
    return () => element.removeEventListener('scroll', look)
  }, [isEmpty])
  useEffect(() => {
    const element = box.current
    if (element === null || chosen < 0 || chosen >= count) return
    const top = chosen * rowPx
    if (top < element.scrollTop) element.scrollTop = top
    else if (top + rowPx > element.scrollTop + element.clientHeight)
      element.scrollTop = top + rowPx - element.clientHeight
  }, [chosen, count])
  return {
    box,
    first: Math.max(0, Math.floor(seen.top / rowPx) - rowsAround),
    last: Math.min(count, Math.ceil((seen.top + seen.height) / rowPx) + rowsAround),
  }
}
