import type { EndReason } from '../../contracts/http/trips.ts'
import { useText } from '../../ui-kit/i18n/text.ts'

/** The lock will not close, or closed without the ride ending: what to try, then say so and be billed no further. */
export function LockHelp({ busy, onEnd }: { readonly busy: boolean; readonly onEnd: (reason: EndReason) => void }) {
  const { t } = useText()
  return (
    <section className="card stack choices" aria-label={t('lock_help.button')}>
      <ol className="small tries">
        <li>{t('lock_help.try_1')}</li>
        <li>{t('lock_help.try_2')}</li>
        <li>{t('lock_help.try_3')}</li>
      </ol>
      <button type="button" className="button" disabled={busy} onClick={() => onEnd('lock_will_not_close')}>
        {t('lock_help.will_not_close')}
      </button>
      <button type="button" className="button" disabled={busy} onClick={() => onEnd('lock_closed_but_ride_goes_on')}>
        {t('lock_help.goes_on')}
      </button>
      <p className="small soft">{t('lock_help.promise')}</p>
    </section>
  )
}
