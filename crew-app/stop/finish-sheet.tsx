import type { CrewRoute, CrewStop } from '../../contracts/http/crews.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { useNight } from '../night/use-night.ts'
import { giveTarget, openTakes } from '../route/stop-at-hand.ts'
import { Sheet } from '../sheet.tsx'

/** Asked only when something of the stop is still open. */
export function FinishSheet({
  route,
  stop,
  onClose,
}: {
  readonly route: CrewRoute
  readonly stop: CrewStop
  readonly onClose: () => void
}) {
  const { t } = useText()
  const { act } = useNight()
  const toTake = openTakes(stop).length
  const toGive = Math.max(0, giveTarget(route, stop) - stop.given)
  return (
    <Sheet title={t('crew.finish.title')} onClose={onClose}>
      {toTake > 0 && <p>{t('crew.finish.not_taken', { count: toTake })}</p>}
      {toGive > 0 && <p>{t('crew.finish.not_given', { count: toGive })}</p>}
      <button
        type="button"
        className="button main wide"
        onClick={() => {
          onClose()
          void act({ act: 'finish_stop', stopId: stop.stopId })
        }}
      >
        {t('crew.finish.anyway')}
      </button>
    </Sheet>
  )
}
