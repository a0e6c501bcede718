import { useState } from 'react'
import { Link } from 'wouter'
import type { BikeNear } from '../../contracts/http/bikes.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { NumberField } from '../bike/number-field.tsx'
import { useRider } from '../rider-state.ts'
import { NearList } from './near-list.tsx'
import { NearMap } from './near-map.tsx'
import { useNearBikes } from './use-near-bikes.ts'
import { useWhereAmI } from './use-where-am-i.ts'

/** Bikes near me on a map and as a list, and the way to one of them: its number or its QR code. No log-in needed. */
export function HomeScreen() {
  const { t } = useText()
  const { me, config } = useRider()
  const where = useWhereAmI(config?.centre ?? null)
  const near = useNearBikes(where.looking, where.here)
  const [chosen, setChosen] = useState<string | null>(null)
  const choose = (bike: BikeNear | null) => setChosen(bike?.publicId ?? null)
  return (
    <div className="split">
      <NearMap
        bikes={near.bikes}
        chosen={chosen}
        here={where.here}
        focus={where.focus}
        onChoose={choose}
        onMoved={where.look}
      />
      <div className="sheet stack">
        <div className="grip" aria-hidden="true" />
        {me?.activeTripId != null && (
          <Link href={`/trip/${me.activeTripId}`} className="button main wide">
            {t('home.back_to_ride')}
          </Link>
        )}
        <h1>{t('home.title')}</h1>
        <NumberField />
        <NearList near={near} chosen={chosen} onChoose={choose} where={where} />
      </div>
    </div>
  )
}
