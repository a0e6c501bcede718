import { Link, useLocation } from 'wouter'
import type { CrewRoute } from '../../contracts/http/crews.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { useNight } from '../night/use-night.ts'
import { sumOfNight } from '../route/stop-at-hand.ts'
import { NightSums } from './night-sums.tsx'

/** Before the end: what the night came to, and what would be left behind. */
export function EndShiftScreen({ route }: { readonly route: CrewRoute }) {
  const { t } = useText()
  const { act } = useNight()
  const [, navigate] = useLocation()
  const sum = sumOfNight(route)
  const end = () => {
    navigate('/')
    void act({ act: 'end_shift' })
  }
  return (
    <div className="page with-action">
      <h1>{t('crew.end.title')}</h1>
      {sum.inVan > 0 && <p className="notice warn">{t('crew.end.in_van', { count: sum.inVan })}</p>}
      {sum.stopsLeft > 0 && <p className="notice warn">{t('crew.end.stops_left', { count: sum.stopsLeft })}</p>}
      <NightSums sum={sum} />
      <div className="action">
        <Link href="/" className="button">
          {t('crew.end.not_yet')}
        </Link>
        <button type="button" className="button main" onClick={end}>
          {t('crew.end.yes')}
        </button>
      </div>
    </div>
  )
}
