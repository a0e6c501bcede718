import type { RefObject } from 'react'
import { useText } from '../../ui-kit/i18n/text.ts'
import { NavIcon } from '../frame/nav-icon.tsx'
import type { FleetView } from './fleet-view.ts'
import { KeyHelp } from './key-help.tsx'
import { CityTime, LinkState } from './link-state.tsx'
import { SearchBox } from './search-box.tsx'
import type { FleetNow } from './use-live-fleet.ts'
import { ViewMenu } from './view-menu.tsx'

/** Whether it is live, the city's time, the search, and the page's tools. */
export function FleetHead({
  fleet,
  view,
  only,
  movement,
  keys,
  fieldRef,
  isHelpOpen,
  onHelp,
  onChange,
  onMovement,
  onOpen,
  onDown,
}: {
  readonly fleet: FleetNow
  readonly view: FleetView
  readonly only: string | null
  readonly movement: boolean
  readonly keys: readonly [boolean, (isOn: boolean) => void]
  readonly fieldRef: RefObject<HTMLInputElement | null>
  readonly isHelpOpen: boolean
  readonly onHelp: (isOpen: boolean) => void
  readonly onChange: (change: Partial<FleetView>, how?: 'quietly') => void
  readonly onMovement: (on: boolean) => void
  readonly onOpen: (bikeNumber: string) => void
  readonly onDown: () => void
}) {
  const { t } = useText()
  const [isOn, turn] = keys
  const hasZones = view.layers.includes('zones')
  return (
    <header className="fleet-head">
      <h1>{t('ops.nav.fleet')}</h1>
      <LinkState fleet={fleet} movement={movement} />
      <CityTime fleet={fleet} />
      <SearchBox
        text={view.search}
        only={only}
        fieldRef={fieldRef}
        onText={(search) => onChange({ search }, 'quietly')}
        onOpen={onOpen}
        onDown={onDown}
      />
      <div className="tools">
        <ViewMenu view={view} />
        <Tool
          icon="layers"
          word={t('ops.zones_layer')}
          isPressed={hasZones}
          onPress={() => onChange({ layers: hasZones ? [] : ['zones'] })}
        />
        <Tool
          icon={movement ? 'pause' : 'play'}
          word={t('ops.pause')}
          isPressed={!movement}
          onPress={() => onMovement(!movement)}
        />
        <Tool icon="wall" word={t('ops.wall')} onPress={() => onChange({ wall: true, bike: null })} />
        <Tool icon="keys" word={t('ops.keys')} onPress={() => onHelp(true)} />
      </div>
      {isHelpOpen && <KeyHelp isOn={isOn} onTurn={turn} onClose={() => onHelp(false)} />}
    </header>
  )
}

function Tool({
  icon,
  word,
  isPressed,
  onPress,
}: {
  readonly icon: Parameters<typeof NavIcon>[0]['name']
  readonly word: string
  readonly isPressed?: boolean
  readonly onPress: () => void
}) {
  return (
    <button type="button" className="tool" aria-pressed={isPressed} aria-label={word} title={word} onClick={onPress}>
      <NavIcon name={icon} />
    </button>
  )
}
