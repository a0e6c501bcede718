import { useText } from '../../ui-kit/i18n/text.ts'
import type { KeptFacts } from '../night/keep.ts'
import { useNight } from '../night/use-night.ts'
import { sumOfNight } from '../route/stop-at-hand.ts'
import { NightSums } from './night-sums.tsx'

/** After the shift: the sum of the night, and whether everything has been sent. */
export function EndedScreen({ ended }: { readonly ended: KeptFacts['ended'] }) {
  const { t } = useText()
  const { now, closeEnded } = useNight()
  return (
    <div className="page with-action">
      <h1>{t(`crew.ended.${ended.why}`)}</h1>
      {ended.why === 'lost' && <p className="notice warn">{t('crew.ended.lost_what')}</p>}
      <p className={now.waiting.length === 0 ? 'notice good' : 'notice warn'} role="status">
        {now.waiting.length === 0 ? t('crew.waiting.none') : t('crew.ended.keep_open', { count: now.waiting.length })}
      </p>
      <NightSums sum={sumOfNight(ended.route)} />
      <div className="action">
        <button type="button" className="button main wide" onClick={() => void closeEnded()}>
          {t('crew.ended.close')}
        </button>
      </div>
    </div>
  )
}
