import { useState } from 'react'
import type { CrewRoute } from '../../contracts/http/crews.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { BikeName } from '../bike/bike-name.tsx'
import { BikeSheet } from '../bike/bike-sheet.tsx'
import { useNight } from '../night/use-night.ts'
import { stopAtHand, stopOfBike } from '../route/stop-at-hand.ts'

/** What is in the van, the last loaded first, and where each bike came from. */
export function VanScreen({ route }: { readonly route: CrewRoute }) {
  const { t } = useText()
  const { now } = useNight()
  const [openId, setOpenId] = useState<string | null>(null)
  const stop = stopAtHand(route, now.facts.shownStopId ?? null)
  const open = route.load.find((bike) => bike.bikeId === openId) ?? null
  const broken = route.load.filter((bike) => bike.isBroken).length
  return (
    <div className="page">
      <h1>{t('crew.van.title')}</h1>
      <p className="huge number">{t('crew.van.of', { count: route.load.length, capacity: route.capacity })}</p>
      <progress value={route.load.length} max={Math.max(1, route.capacity)} aria-label={t('crew.van.title')} />
      {broken > 0 && <p>{t('crew.van.broken', { count: broken })}</p>}
      {route.load.length === 0 && <p className="soft">{t('crew.van.empty')}</p>}
      <ul className="cards">
        {route.load.toReversed().map((bike) => (
          <li key={bike.bikeId}>
            <button type="button" className="bike-card" onClick={() => setOpenId(bike.bikeId)}>
              <span className="row spread">
                <BikeName bike={bike} />
                {bike.isBroken && <span className="badge warn">{t('crew.bike.to_workshop')}</span>}
              </span>
              <span className="soft">
                {t('crew.van.from', { name: stopOfBike(route, bike)?.name ?? t('crew.van.unlisted') })}
              </span>
            </button>
          </li>
        ))}
      </ul>
      {open !== null && (
        <BikeSheet key={open.bikeId} route={route} stop={stop} bike={open} onClose={() => setOpenId(null)} />
      )}
    </div>
  )
}
