import { useState } from 'react'
import { createPortal } from 'react-dom'
import type { BikeNear } from '../../contracts/http/bikes.ts'
import { useRider } from '../rider-state.ts'
import { NearList } from './near-list.tsx'
import { NearMap } from './near-map.tsx'
import { useNearBikes } from './use-near-bikes.ts'
import { useWhereAmI } from './use-where-am-i.ts'

/** Bikes near me, as a list here and on a map in `mapSlot`, which lies beside this one's sheet. */
export function BikesNear({ mapSlot }: { readonly mapSlot: HTMLElement | null }) {
  const { config } = useRider()
  const where = useWhereAmI(config?.centre ?? null)
  const near = useNearBikes(where.looking, where.here)
  const [chosen, setChosen] = useState<string | null>(null)
  const choose = (bike: BikeNear | null) => setChosen(bike?.publicId ?? null)
  const map = (
    <NearMap
      bikes={near.bikes}
      chosen={chosen}
      here={where.here}
      focus={where.focus}
      onChoose={choose}
      onMoved={where.look}
    />
  )
  return (
    <>
      {mapSlot !== null && createPortal(map, mapSlot)}
      <NearList near={near} chosen={chosen} onChoose={choose} where={where} />
    </>
  )
}
