import type { CrewRoute, CrewStop } from '../../contracts/http/crews.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { giveTarget } from '../route/stop-at-hand.ts'

/** How many bikes to put down here, and how many are. */
export function GivePanel({
  route,
  stop,
  onChoose,
}: {
  readonly route: CrewRoute
  readonly stop: CrewStop
  readonly onChoose: () => void
}) {
  const { t } = useText()
  const target = giveTarget(route, stop)
  if (target === 0 && stop.given === 0) return null
  return (
    <section aria-labelledby="give" className="give">
      <div className="row spread section-head">
        <h2 id="give">{stop.kind === 'depot' ? t('crew.give.all') : t('crew.give.title', { count: target })}</h2>
        <p className="big number">{t('crew.give.so_far', { given: stop.given, target })}</p>
      </div>
      <progress value={Math.min(stop.given, target)} max={Math.max(1, target)} aria-labelledby="give" />
      {stop.giveBroken > 0 && <p>{t('crew.give.broken', { count: stop.giveBroken })}</p>}
      {route.load.length > 0 ? (
        <button type="button" className="button wide" onClick={onChoose}>
          {t('crew.give.choose')}
        </button>
      ) : (
        <p className="soft">{t('crew.give.van_empty')}</p>
      )}
    </section>
  )
}
