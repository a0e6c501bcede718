import { useCallback, useEffect, useMemo, useState } from 'react'
import { bikeStates } from '../../contracts/live/bike-states.ts'
import type { Refused } from '../../ui-kit/api/api-client.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { countByState } from '../../ui-kit/live/fleet-table.ts'
import { Waiting } from '../../ui-kit/notices.tsx'
import { BikeList } from './bike-list.tsx'
import { BikePanel } from './bike-panel.tsx'
import { FleetMap } from './fleet-map.tsx'
import { rowsToList } from './fleet-rows.ts'
import { Legend } from './legend.tsx'
import { TopBar } from './top-bar.tsx'
import { useLiveFleet } from './use-live-fleet.ts'
import { useSelectedBike } from './use-selected-bike.ts'

/** Map, list and details of the whole fleet, with one filter and one selection for all three. */
export function FleetScreen({ onRefused }: { readonly onRefused: (refused: Refused) => void }) {
  const { t } = useText()
  const fleet = useLiveFleet(onRefused)
  const [shown, setShown] = useState<readonly boolean[]>(() => bikeStates.map(() => true))
  const [search, setSearch] = useState('')
  const [movement, setMovement] = useState(() => !matchMedia('(prefers-reduced-motion: reduce)').matches)
  const [number, select] = useSelectedBike()
  const [focus, setFocus] = useState<{ readonly number: string } | null>(() => (number === null ? null : { number }))
  const { table, version } = fleet

  // biome-ignore lint/correctness/useExhaustiveDependencies: the table's columns change in place, `version` says when
  const counts = useMemo(() => (table === null ? null : countByState(table)), [table, version])
  // biome-ignore lint/correctness/useExhaustiveDependencies: as above
  const rows = useMemo(() => (table === null ? [] : rowsToList(table, shown, search)), [table, version, shown, search])
  const selectedRow = useMemo(() => {
    const row = number === null || table === null ? -1 : table.numbers.indexOf(number)
    return row < 0 ? null : row
  }, [table, number])

  const choose = useCallback(
    (row: number | null, show: boolean) => {
      const chosen = row === null ? null : (table?.numbers[row] ?? null)
      select(chosen)
      if (show && chosen !== null) setFocus({ number: chosen })
    },
    [table, select],
  )
  useEffect(() => {
    const close = (event: KeyboardEvent) => {
      if (event.key === 'Escape') select(null)
    }
    addEventListener('keydown', close)
    return () => removeEventListener('keydown', close)
  }, [select])

  return (
    <div className="ops" data-panel={selectedRow !== null}>
      <TopBar fleet={fleet} movement={movement} onMovement={setMovement} />
      <aside className="side" aria-label={t('ops.list')}>
        {table === null ? (
          <Waiting text={t('ops.link.connecting')} />
        ) : (
          <>
            <Legend counts={counts} total={table.count} shown={shown} onShown={setShown} />
            <BikeList
              table={table}
              rows={rows}
              selected={selectedRow}
              search={search}
              onSearch={setSearch}
              onSelect={(row) => choose(row, true)}
            />
          </>
        )}
      </aside>
      <FleetMap
        fleet={fleet}
        shown={shown}
        selected={selectedRow}
        focus={focus}
        movement={movement}
        onPick={(row) => choose(row, false)}
      />
      {table !== null && selectedRow !== null && (
        <BikePanel
          bikeId={table.bikeIds[selectedRow] as string}
          number={table.numbers[selectedRow] as string}
          stateByte={table.states[selectedRow] as number}
          cityMs={table.cityMs}
          onClose={() => select(null)}
          onShow={() => choose(selectedRow, true)}
        />
      )}
    </div>
  )
}
