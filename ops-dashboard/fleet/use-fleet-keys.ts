import { type RefObject, useState } from 'react'
import type { FleetView } from './fleet-view.ts'
import { type DeskKey, useDeskKeys } from './use-desk-keys.ts'
import type { ChangeView } from './use-fleet-view.ts'

/** What the single letters do on the live map. */
export function useFleetKeys(options: {
  readonly view: FleetView
  readonly change: ChangeView
  readonly movement: boolean
  readonly setMovement: (on: boolean) => void
  readonly field: RefObject<HTMLInputElement | null>
  readonly grid: RefObject<HTMLDivElement | null>
}) {
  const { view, change, movement, setMovement, field, grid } = options
  const [isHelpOpen, onHelp] = useState(false)
  const press = (key: DeskKey) => {
    switch (key) {
      case '/':
        return field.current?.focus()
      case 'L':
        return grid.current?.focus()
      case 'Z':
        return change({ layers: view.layers.includes('zones') ? [] : ['zones'] })
      case 'P':
        return setMovement(!movement)
      case 'F':
        return view.bike === null ? undefined : change({ follow: !view.follow })
      case 'V':
        return change({ inView: !view.inView })
      case 'W':
        return change({ wall: !view.wall })
      case '?':
        return onHelp(true)
      case 'Esc':
        if (view.wall) return change({ wall: false })
        return view.bike === null ? undefined : change({ bike: null, follow: false })
    }
  }
  return { letters: useDeskKeys(press), isHelpOpen, onHelp }
}
