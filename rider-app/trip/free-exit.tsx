import type { FreeExitReason } from '../../contracts/http/trips.ts'
import { useText } from '../../ui-kit/i18n/text.ts'

const reasons: readonly FreeExitReason[] = ['brakes', 'tyre', 'chain', 'saddle', 'lock', 'changed_my_mind']

/** Something is wrong with the bike in the first minutes: one press says what, and the ride costs nothing. */
export function FreeExit({
  busy,
  isOver = false,
  onExit,
}: {
  /** The ride has ended already: there is no lever left to push. */
  readonly isOver?: boolean
  readonly busy: boolean
  readonly onExit: (reason: FreeExitReason) => void
}) {
  const { t } = useText()
  return (
    <fieldset className="card stack choices">
      <legend>{t('exit.title')}</legend>
      <p className="small soft">{t(isOver ? 'exit.how_after' : 'exit.how')}</p>
      {reasons.map((reason) => (
        <button key={reason} type="button" className="button" disabled={busy} onClick={() => onExit(reason)}>
          {t(`exit.reason.${reason}`)}
        </button>
      ))}
    </fieldset>
  )
}
