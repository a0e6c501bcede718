import { lazy, Suspense, useState } from 'react'
import type { CrewRoute } from '../../contracts/http/crews.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { BikeName } from '../bike/bike-name.tsx'
import { useNight } from '../night/use-night.ts'

const PutDownSheet = lazy(async () => ({ default: (await import('./put-down-sheet.tsx')).PutDownSheet }))

/** The shift has ended with bikes in the van: until each is put down, no rider can have it. */
export function LeftInVanScreen({ route }: { readonly route: CrewRoute }) {
  const { t } = useText()
  const { closeEnded, now } = useNight()
  const [isChoosing, setChoosing] = useState(false)
  return (
    <div className="page with-action">
      <h1>{t('crew.left.title')}</h1>
      <p className="notice warn">{t('crew.left.what', { count: route.load.length })}</p>
      <ul className="cards">
        {route.load.toReversed().map((bike) => (
          <li key={bike.bikeId} className="card row spread">
            <BikeName bike={bike} />
            {bike.isBroken && <span className="badge warn">{t('crew.bike.to_workshop')}</span>}
          </li>
        ))}
      </ul>
      {now.waiting.length === 0 && (
        <button type="button" className="button quiet wide" onClick={() => void closeEnded()}>
          {t('crew.ended.close')}
        </button>
      )}
      <div className="action">
        <button type="button" className="button main wide" onClick={() => setChoosing(true)}>
          {t('crew.left.put')}
        </button>
      </div>
      <Suspense>{isChoosing && <PutDownSheet route={route} stop={null} onClose={() => setChoosing(false)} />}</Suspense>
    </div>
  )
}
