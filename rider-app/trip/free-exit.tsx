import type { FreeExitReason } from '../../contracts/http/trips.ts'
import { useText } from '../../ui-kit/i18n/text.ts'

const reasons: readonly FreeExitReason[] = ['brakes', 'tyre', 'chain', 'saddle', 'lock', 'changed_my_mind']

/** Something is wrong with the bike in the first minutes: one press says what, and the ride costs nothing. */
export function FreeExit({
  busy,
  onExit,
}: {
  readonly busy: boolean
  readonly onExit: (reason: FreeExitReason) => void
}) {
  const { t } = useText()
  return (
    <fieldset className="card stack choices">
      <legend>{t('exit.title')}</legend>
      <p className="small soft">{t('exit.how')}</p>
      {reasons.map((reason) => (
        <button key={reason} type="button" className="button" disabled={busy} onClick={() => onExit(reason)}>
          {t(`exit.reason.${reason}`)}
        </button>
      ))}
    </fieldset>
  )
}
