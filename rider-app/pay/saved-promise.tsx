import { formatMoney } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { RefusalNotice } from '../../ui-kit/notices.tsx'
import { type OpenPromise, useOpenPromise } from './use-open-promise.ts'

/** "100 is held already": for the next bike, or to be given back. Nothing when there is none. */
export function SavedPromise({ open }: { readonly open: OpenPromise }) {
  const { t, tag } = useText()
  const { promise, hasExpired, giveBack, busy, refused } = open
  if (promise === null && hasExpired) {
    return (
      <p className="notice" role="status">
        {t('pay.saved_expired')}
      </p>
    )
  }
  if (promise === null) return null
  return (
    <div className="notice good">
      <p className="row spread">
        <strong>{t('pay.saved', { hold: formatMoney(tag, promise.amount.amount, promise.amount.currency) })}</strong>
        <button type="button" className="button" onClick={giveBack} disabled={busy}>
          {t('pay.give_back')}
        </button>
      </p>
      <p className="small">{t('pay.saved_hint')}</p>
      {refused !== null && <RefusalNotice refused={refused} onAgain={giveBack} />}
    </div>
  )
}

/** The same for a page that knows nothing of it. */
export function MySavedPromise() {
  return <SavedPromise open={useOpenPromise()} />
}
