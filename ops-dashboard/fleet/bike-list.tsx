// biome-ignore-all lint/a11y/useSemanticElements: rows are placed one by one, which a table element cannot do
import { type KeyboardEvent, type RefObject, useEffect, useId, useRef, useState } from 'react'
import { stateOfByte } from '../../contracts/live/fleet-frame.ts'
import { noCharge } from '../../contracts/live/live-frame.ts'
import { formatBikeNumber } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import type { FleetTable } from '../../ui-kit/live/fleet-table.ts'
import { StateMark } from '../../ui-kit/state-mark.tsx'
import type { RowAlarms } from './fleet-columns.ts'
import type { FleetView, SortColumn } from './fleet-view.ts'
import { formatShortAge } from './format-short-age.ts'
import { cursorIn, type ListCursor, placeOfCursor } from './list-cursor.ts'
import { placeAfterKey } from './list-keys.ts'
import { useTypeAhead } from './use-type-ahead.ts'

const rowPx = 40
const rowsAround = 8
const headPx = 40
const columnsShown = ['number', 'state', 'battery', 'heard', 'alarm', 'trip'] as const

export interface ListedFleet {
  readonly table: FleetTable
  readonly rides: Uint32Array
  readonly alarms: RowAlarms
}

/**
 * The bikes of the map as a table, by keyboard: arrows, Page, Home, End and typed digits move the cursor, Enter opens a
 * bike. The cursor stays in a list that changes beneath it. Only the rows in sight are drawn, so that its length does not
 * matter.
 */
export function BikeList({
  fleet,
  rows,
  selected,
  sort,
  gridRef,
  onSort,
  onOpen,
  onHold,
}: {
  readonly fleet: ListedFleet
  readonly rows: Uint32Array
  readonly selected: number | null
  readonly sort: FleetView['sort']
  readonly gridRef: RefObject<HTMLDivElement | null>
  readonly onSort: (sort: FleetView['sort']) => void
  readonly onOpen: (row: number) => void
  /** A pointer is over the rows: they must not move away under it. */
  readonly onHold: (isHeld: boolean) => void
}) {
  const { t } = useText()
  const id = useId()
  const { first, last, reveal } = useWindow(gridRef, rows.length)
  const [kept, setCursor] = useState<ListCursor | null>(selected === null ? null : { row: selected, place: -1 })
  const cursor = cursorIn(rows, kept)
  if (cursor !== kept) setCursor(cursor)
  const place = placeOfCursor(rows, cursor)
  const typed = useTypeAhead()
  useEffect(() => {
    if (selected !== null) setCursor((now) => (now?.row === selected ? now : { row: selected, place: -1 }))
  }, [selected])

  const goTo = (next: number) => {
    const row = rows[next]
    if (row === undefined) return
    setCursor({ row, place: next })
    reveal(next)
  }
  const onKey = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return
    if (event.key === 'Enter' && place >= 0) {
      event.preventDefault()
      onOpen(rows[place] as number)
      return
    }
    if (/^\d$/.test(event.key)) {
      const start = typed(event.key)
      const found = rows.findIndex((row) => (fleet.table.numbers[row] as string).startsWith(start))
      if (found >= 0) goTo(found)
      return
    }
    const rowsInSight = Math.max(1, Math.floor((event.currentTarget.clientHeight - headPx) / rowPx) - 1)
    const next = placeAfterKey(event.key, place, rows.length, rowsInSight)
    if (next === null) return
    event.preventDefault()
    goTo(next)
  }
  const inSight = [...rows.subarray(first, last)]
  return (
    <div
      ref={gridRef}
      className="bike-grid"
      role="grid"
      tabIndex={0}
      aria-label={t('ops.list')}
      aria-rowcount={rows.length + 1}
      aria-colcount={columnsShown.length}
      aria-activedescendant={place >= first && place < last ? `${id}-${cursor?.row}` : undefined}
      onKeyDown={onKey}
      onPointerEnter={() => onHold(true)}
      onPointerLeave={() => onHold(false)}
    >
      <ListHead sort={sort} onSort={onSort} />
      <div role="rowgroup" className="grid-body" style={{ height: rows.length * rowPx }}>
        {inSight.map((row, offset) => (
          <BikeRow
            key={row}
            id={`${id}-${row}`}
            fleet={fleet}
            row={row}
            place={first + offset}
            isSelected={row === selected}
            isCursor={row === cursor?.row}
            onOpen={onOpen}
          />
        ))}
      </div>
    </div>
  )
}

function ListHead({
  sort,
  onSort,
}: {
  readonly sort: FleetView['sort']
  readonly onSort: (sort: FleetView['sort']) => void
}) {
  const { t } = useText()
  const press = (column: SortColumn) => {
    if (sort.column !== column) onSort({ column, down: false })
    else if (!sort.down) onSort({ column, down: true })
    else onSort({ column: 'urgency', down: false })
  }
  const direction = (column: SortColumn) =>
    sort.column !== column ? undefined : sort.down ? ('descending' as const) : ('ascending' as const)
  return (
    <div role="rowgroup" className="grid-head">
      {/* biome-ignore lint/a11y/useFocusableInteractive: the buttons in it have the focus */}
      <div role="row" aria-rowindex={1} className="grid-row">
        {columnsShown.map((column, at) => (
          // biome-ignore lint/a11y/useFocusableInteractive: the button in it has the focus
          <div
            key={column}
            role="columnheader"
            aria-colindex={at + 1}
            aria-sort={direction(column)}
            data-column={column}
          >
            <button type="button" onClick={() => press(column)}>
              {t(`ops.column.${column}`)}
              <span aria-hidden="true" className="sort-sign">
                {sort.column === column ? (sort.down ? '↓' : '↑') : ''}
              </span>
            </button>
          </div>
        ))}
      </div>
    </div>
  )
}

function BikeRow({
  id,
  fleet,
  row,
  place,
  isSelected,
  isCursor,
  onOpen,
}: {
  readonly id: string
  readonly fleet: ListedFleet
  readonly row: number
  readonly place: number
  readonly isSelected: boolean
  readonly isCursor: boolean
  readonly onOpen: (row: number) => void
}) {
  const { t, tag, ofCode } = useText()
  const { table, rides, alarms } = fleet
  const state = stateOfByte(table.states[row] as number)
  const battery = table.charges[row] as number
  const heardAtMs = table.heardAtMs[row] as number
  const sinceS = rides[row] as number
  const kind = alarms.gravest[row] === 0 ? null : (alarms.kinds[(alarms.gravest[row] as number) - 1] ?? null)
  const age = (atMs: number) => formatShortAge(tag, table.cityMs - atMs)
  const cells = [
    ['number', formatBikeNumber(table.numbers[row] as string)],
    ['state', t(`bike_state.${state}`)],
    ['battery', battery === noCharge ? '–' : `${battery} %`],
    ['heard', Number.isNaN(heardAtMs) ? '–' : age(heardAtMs)],
    ['alarm', kind === null ? '' : ofCode(`alarm.${kind}`, 'alarm.other')],
    ['trip', sinceS === 0 ? '' : age(sinceS * 1_000)],
  ] as const
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid has the keys
    // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus and says which row is meant
    <div
      id={id}
      role="row"
      aria-rowindex={place + 2}
      aria-selected={isSelected}
      className={isCursor ? 'grid-row cursor' : 'grid-row'}
      style={{ top: place * rowPx }}
      onClick={() => onOpen(row)}
    >
      {cells.map(([column, text], at) => (
        // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus
        <div key={column} role="gridcell" aria-colindex={at + 1} data-column={column} title={text}>
          {column === 'number' && <StateMark state={state} />}
          <span>{text}</span>
        </div>
      ))}
    </div>
  )
}

/** Which rows of a long list are in sight, and a way to bring one there. */
function useWindow(box: RefObject<HTMLDivElement | null>, count: number) {
  const [seen, setSeen] = useState({ top: 0, height: 800 })
  const frame = useRef(0)
  useEffect(() => {
    const element = box.current
    if (element === null) return
    const look = () => {
      cancelAnimationFrame(frame.current)
      frame.current = requestAnimationFrame(() => setSeen({ top: element.scrollTop, height: element.clientHeight }))
    }
    look()
    element.addEventListener('scroll', look, { passive: true })
    const resized = new ResizeObserver(look)
    resized.observe(element)
    return () => {
      cancelAnimationFrame(frame.current)
      element.removeEventListener('scroll', look)
      resized.disconnect()
    }
  }, [box])
  const reveal = (place: number) => {
    const element = box.current
    if (element === null) return
    const top = place * rowPx
    const room = element.clientHeight - headPx
    if (top < element.scrollTop) element.scrollTop = top
    else if (top + rowPx > element.scrollTop + room) element.scrollTop = top + rowPx - room
  }
  const first = Math.max(0, Math.floor(seen.top / rowPx) - rowsAround)
  const last = Math.min(count, Math.ceil((seen.top + seen.height) / rowPx) + rowsAround)
  return { first, last, reveal }
}
