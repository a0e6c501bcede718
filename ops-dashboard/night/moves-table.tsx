import { useDeferredValue, useId, useMemo, useState } from 'react'
import type { PlanView } from '../../contracts/http/nights.ts'
import { formatBikeNumber } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { saveFile } from '../frame/save-file.ts'
import { TableBox } from '../frame/table-box.tsx'
import { signedRides } from './formats.ts'
import { findMoves, type MoveOrder, movesCsv, namedMoves } from './moves-of-plan.ts'
import type { Selection } from './night-address.ts'
import { reasonsOf } from './reasons-of-move.ts'

const columns: readonly MoveOrder[] = ['number', 'van', 'from', 'to', 'value']
const pageRows = 100

/** Every bike that is moved: found by its number, sorted by any column, and as a file. */
export function MovesTable({ plan, onOpen }: { readonly plan: PlanView; readonly onOpen: (at: Selection) => void }) {
  const text = useText()
  const { t, tag } = text
  const id = useId()
  const [search, setSearch] = useState('')
  const [order, setOrder] = useState<MoveOrder>('number')
  const [rows, setRows] = useState(pageRows)
  const looked = useDeferredValue(search)
  const all = useMemo(() => namedMoves(plan), [plan])
  const found = useMemo(() => findMoves(all, looked, order), [all, looked, order])
  return (
    <div className="stack">
      <div className="row wrap">
        <div className="field grow">
          <label htmlFor={id}>{t('night.search_moves')}</label>
          <input id={id} type="search" value={search} onChange={(event) => setSearch(event.target.value)} />
        </div>
        <button
          type="button"
          className="button bottom"
          onClick={() => saveFile(`moves-${plan.night}.csv`, 'text/csv;charset=utf-8', `\uFEFF${movesCsv(all)}`)}
        >
          {t('night.csv')}
        </button>
      </div>
      <p className="small soft number" role="status">
        {t('night.moves_shown', { shown: found.length, count: all.length })}
      </p>
      <TableBox label={t('night.tab.moves', { count: found.length })}>
        <table>
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column} scope="col" aria-sort={order === column ? 'ascending' : undefined}>
                  <button type="button" aria-pressed={order === column} onClick={() => setOrder(column)}>
                    {t(`night.col.${column}`)}
                  </button>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {found.slice(0, rows).map(({ move, vanName, from, to, value }) => (
              <tr key={move.bikeId}>
                <th scope="row" className="number">
                  {formatBikeNumber(move.number)}
                </th>
                <td>{vanName}</td>
                <td>
                  <PlaceLink plan={plan} place={move.fromPlace} name={from} onOpen={onOpen} />
                  <span className="small soft">{reasonsOf(move, text)}</span>
                </td>
                <td>
                  {move.toPlace === null ? (
                    t('night.depot')
                  ) : (
                    <PlaceLink plan={plan} place={move.toPlace} name={to ?? ''} onOpen={onOpen} />
                  )}
                </td>
                <td className="number">{signedRides(tag, value)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableBox>
      {found.length > rows && (
        <button type="button" className="button" onClick={() => setRows(rows + pageRows)}>
          {t('night.more', { count: Math.min(pageRows, found.length - rows) })}
        </button>
      )}
    </div>
  )
}

export function PlaceLink({
  plan,
  place,
  name,
  onOpen,
}: {
  readonly plan: Pick<PlanView, 'places'>
  readonly place: number
  readonly name: string
  readonly onOpen: (at: Selection) => void
}) {
  const placeId = plan.places[place]?.placeId
  if (placeId === undefined) return name
  return (
    <button type="button" className="link" onClick={() => onOpen({ kind: 'place', placeId })}>
      {name}
    </button>
  )
}
