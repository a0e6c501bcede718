import type { RefObject } from 'react'
import { useText } from '../../ui-kit/i18n/text.ts'
import { Waiting } from '../../ui-kit/notices.tsx'
import { saveFile } from '../frame/save-file.ts'
import { BikeList } from './bike-list.tsx'
import { FilterBar } from './filter-bar.tsx'
import { fleetCsv } from './fleet-csv.ts'
import type { FleetDesk } from './use-fleet-desk.ts'

/** The list beside the map, with its filters. */
export function FleetSide({
  desk,
  gridRef,
}: {
  readonly desk: FleetDesk
  readonly gridRef: RefObject<HTMLDivElement | null>
}) {
  const { t } = useText()
  const { listed, found, view, change } = desk
  if (listed === null || found === null) {
    return (
      <aside className="side" aria-label={t('ops.list')}>
        <Waiting text={t('ops.link.connecting')} />
      </aside>
    )
  }
  const { rows, count } = found
  return (
    <aside className="side" aria-label={t('ops.list')}>
      <FilterBar
        view={view}
        shown={rows.length}
        wanted={count}
        total={listed.table.count}
        models={desk.models}
        zones={desk.zones}
        onChange={change}
        onSave={() => saveFile('bikes.csv', 'text/csv', fleetCsv(rows, listed))}
      />
      {rows.length === 0 && listed.table.count > 0 && <p className="no-rows soft">{t('ops.list_none')}</p>}
      <BikeList
        fleet={listed}
        rows={rows}
        selected={desk.selected}
        sort={view.sort}
        gridRef={gridRef}
        onSort={(sort) => change({ sort })}
        onOpen={(row) => desk.open(listed.table.numbers[row] as string)}
        onHold={desk.hold}
      />
    </aside>
  )
}
