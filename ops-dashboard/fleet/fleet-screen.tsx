import './fleet.css'
import './fleet-head.css'
import './fleet-list.css'
import './fleet-panel.css'
import './fleet-narrow.css'
import { useEffect, useRef, useState } from 'react'
import type { Refused } from '../../ui-kit/api/api-client.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { useHasPage } from '../frame/desk-paths.ts'
import { useAlarmCounts } from '../frame/use-alarm-counts.ts'
import { BikePanel } from './bike-panel.tsx'
import { AlarmCounters, StateCounters } from './counters.tsx'
import { FleetHead } from './fleet-head.tsx'
import { FleetMap } from './fleet-map.tsx'
import { FleetSide } from './fleet-side.tsx'
import { useFleetCounts } from './use-fleet-counts.ts'
import { useFleetDesk } from './use-fleet-desk.ts'
import { useFleetKeys } from './use-fleet-keys.ts'
import { WallTicker } from './wall-ticker.tsx'
import { ZoneLegend } from './zone-legend.tsx'

/** Map, list and details of the whole fleet, with one filter and one selection for all three, all of it in the address. */
export function FleetScreen({ onRefused }: { readonly onRefused: (refused: Refused) => void }) {
  const { t } = useText()
  const desk = useFleetDesk(onRefused)
  const { fleet, view, change, found, listed, selected } = desk
  const [movement, setMovement] = useState(() => !matchMedia('(prefers-reduced-motion: reduce)').matches)
  const counts = useFleetCounts(fleet)
  const alarmCounts = useAlarmCounts()
  const field = useRef<HTMLInputElement>(null)
  const grid = useRef<HTMLDivElement>(null)
  const keys = useFleetKeys({ view, change, movement, setMovement, field, grid })
  const hasInbox = useHasPage('/alarms')
  useEffect(() => {
    document.title = `${t('ops.nav.fleet')} · Zwerm`
  }, [t])
  const onlyRow = found?.rows.length === 1 && view.search.trim() !== '' ? (found.rows[0] as number) : null
  return (
    <main
      id="main"
      className="fleet"
      tabIndex={-1}
      data-tab={view.tab}
      data-panel={selected !== null}
      data-wall={view.wall}
    >
      <FleetHead
        fleet={fleet}
        view={view}
        only={desk.numberOf(onlyRow)}
        movement={movement}
        keys={keys.letters}
        fieldRef={field}
        isHelpOpen={keys.isHelpOpen}
        onHelp={keys.onHelp}
        onChange={change}
        onMovement={setMovement}
        onOpen={desk.open}
        onDown={() => grid.current?.focus()}
      />
      <StateCounters
        counts={counts?.byState ?? null}
        total={counts?.total ?? null}
        chosen={view.states}
        onChoose={(states) => change({ states })}
      />
      <AlarmCounters
        counts={alarmCounts}
        chosen={view.alarms}
        hasInbox={hasInbox}
        onChoose={(kinds) => change({ alarms: kinds })}
      />
      <TabSwitch tab={view.tab} onTab={(tab) => change({ tab })} />
      <div className="fleet-body">
        {!view.wall && <FleetSide desk={desk} gridRef={grid} />}
        <div className="map-cell">
          <FleetMap
            fleet={fleet}
            shown={desk.shown}
            mask={desk.mask}
            cells={desk.cells}
            selected={selected}
            focus={desk.focus}
            place={view.place}
            follow={view.follow}
            movement={movement}
            zones={desk.hasZones ? desk.zones : null}
            stock={desk.stock}
            onPick={(row) => change({ bike: desk.numberOf(row), panel: 'bike' })}
            onLook={desk.look}
          />
          {desk.hasZones && <ZoneLegend />}
          {view.wall && <WallTicker onLeave={() => change({ wall: false })} />}
        </div>
        {listed !== null && selected !== null && !view.wall && <BikePanel desk={desk} fleet={listed} row={selected} />}
      </div>
    </main>
  )
}

/** On phones map and list take turns. */
function TabSwitch({ tab, onTab }: { readonly tab: 'map' | 'list'; readonly onTab: (tab: 'map' | 'list') => void }) {
  const { t } = useText()
  return (
    <div className="tab-switch">
      {(['map', 'list'] as const).map((one) => (
        <button key={one} type="button" aria-pressed={tab === one} onClick={() => onTab(one)}>
          {t(`ops.tab.${one}`)}
        </button>
      ))}
    </div>
  )
}
