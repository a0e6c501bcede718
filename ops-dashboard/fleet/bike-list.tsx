import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react'
import { stateOfByte } from '../../contracts/live/fleet-frame.ts'
import { formatBikeNumber } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import type { FleetTable } from '../../ui-kit/live/fleet-table.ts'
import { StateMark } from '../../ui-kit/state-mark.tsx'

const rowPx = 44
const rowsAround = 6

/** The same bikes as on the map, by keyboard: arrows choose, Home and End jump. Only rows in sight are drawn. */
export function BikeList({
  table,
  rows,
  selected,
  search,
  onSearch,
  onSelect,
}: {
  readonly table: FleetTable
  readonly rows: readonly number[]
  readonly selected: number | null
  readonly search: string
  readonly onSearch: (text: string) => void
  readonly onSelect: (row: number) => void
}) {
  const { t } = useText()
  const id = useId()
  const { box, first, last, reveal } = useWindow(rows.length)
  const place = selected === null ? -1 : rows.indexOf(selected)

  const move = (event: KeyboardEvent) => {
    const target = { ArrowDown: place + 1, ArrowUp: place - 1, Home: 0, End: rows.length - 1 }[event.key]
    if (target === undefined || rows.length === 0) return
    event.preventDefault()
    const next = Math.min(rows.length - 1, Math.max(0, target))
    onSelect(rows[next] as number)
    reveal(next)
  }
  return (
    <section className="list">
      <div className="field">
        <label htmlFor={`${id}-search`}>{t('ops.search')}</label>
        <input
          id={`${id}-search`}
          type="search"
          inputMode="numeric"
          value={search}
          onChange={(event) => onSearch(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && rows[0] !== undefined) onSelect(rows[0])
          }}
        />
      </div>
      <p className="small soft number" role="status">
        {rows.length === 0 && search !== ''
          ? t('ops.search_none')
          : t('ops.shown', { shown: rows.length, count: table.count })}
      </p>
      <div
        ref={box}
        className="rows"
        role="listbox"
        tabIndex={0}
        aria-label={t('ops.list')}
        aria-activedescendant={place < 0 ? undefined : `${id}-${selected}`}
        onKeyDown={move}
      >
        <div style={{ height: rows.length * rowPx }}>
          {rows.slice(first, last).map((row, offset) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the listbox has the keys
            <div
              key={table.bikeIds[row]}
              id={`${id}-${row}`}
              role="option"
              tabIndex={-1}
              aria-selected={row === selected}
              aria-setsize={rows.length}
              aria-posinset={first + offset + 1}
              className="list-row"
              style={{ top: (first + offset) * rowPx }}
              onClick={() => onSelect(row)}
            >
              <StateMark state={stateOfByte(table.states[row] as number)} />
              <span className="number">{formatBikeNumber(table.numbers[row] as string)}</span>
              <span className="small soft">
                {t(`bike_state.${stateOfByte(table.states[row] as number)}`)}
                {table.placed[row] === 0 && ` · ${t('ops.no_position')}`}
              </span>
            </div>
          ))}
        </div>
      </div>
    </section>
  )
}

/** Which rows of a long list are in sight, and a way to bring one there. */
function useWindow(count: number) {
  const box = useRef<HTMLDivElement>(null)
  const [seen, setSeen] = useState({ top: 0, height: 600 })
  useEffect(() => {
    const element = box.current
    if (element === null) return
    const look = () => setSeen({ top: element.scrollTop, height: element.clientHeight })
    look()
    element.addEventListener('scroll', look, { passive: true })
    const resized = new ResizeObserver(look)
    resized.observe(element)
    return () => {
      element.removeEventListener('scroll', look)
      resized.disconnect()
    }
  }, [])
  const reveal = (place: number) => {
    const element = box.current
    if (element === null) return
    const top = place * rowPx
    if (top < element.scrollTop) element.scrollTop = top
    else if (top + rowPx > element.scrollTop + element.clientHeight)
      element.scrollTop = top + rowPx - element.clientHeight
  }
  const first = Math.max(0, Math.floor(seen.top / rowPx) - rowsAround)
  const last = Math.min(count, Math.ceil((seen.top + seen.height) / rowPx) + rowsAround)
  return { box, first, last, reveal }
}
