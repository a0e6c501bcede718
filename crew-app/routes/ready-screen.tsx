import { useEffect, useState } from 'react'
import { Link } from 'wouter'
import type { CrewRoute } from '../../contracts/http/crews.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { appIsKept } from '../../ui-kit/offline/keep-app.ts'
import { useNight } from '../night/use-night.ts'
import { MapProgress } from '../offline/map-progress.tsx'

/** After the claim: what is on the phone already, so that the crew may drive away from the network. */
export function ReadyScreen({ route }: { readonly route: CrewRoute }) {
  const { t } = useText()
  const { now } = useNight()
  const [kept, setKept] = useState<boolean | null>(null)
  useEffect(() => {
    void appIsKept().then(setKept)
  }, [])
  const bikes = route.stops.reduce((sum, stop) => sum + stop.take.length, 0)
  return (
    <div className="page with-action">
      <h1>{t('crew.ready.title', { van: route.vanName })}</h1>
      <ul className="cards checks">
        <li>
          <Mark done /> {t('crew.ready.route', { count: route.stops.length, bikes })}
        </li>
        <li>
          <Mark done={kept === true} />{' '}
          {kept === false ? t('crew.ready.app_not') : kept === null ? t('crew.ready.app_soon') : t('crew.ready.app')}
        </li>
        <li>
          <Mark done={now.facts.tiles?.stored === now.facts.tiles?.wanted && now.facts.tiles !== undefined} />{' '}
          <MapProgress />
        </li>
      </ul>
      <p className="soft">{t('crew.ready.note')}</p>
      <div className="action">
        <Link href="/" className="button main wide">
          {t('crew.ready.go')}
        </Link>
      </div>
    </div>
  )
}

const Mark = ({ done }: { readonly done: boolean }) =>
  done ? (
    <span className="mark" aria-hidden="true">
      ✓
    </span>
  ) : (
    <span className="spinner" aria-hidden="true" />
  )
