import { useState } from 'react'
import { useText } from '../../ui-kit/i18n/text.ts'
import { QrPicture } from '../qr-picture.tsx'

type Shared = 'not_yet' | 'copied' | 'by_hand'

/** The receipt to open, to print from there, and to send on. */
export function ReceiptCard({ path }: { readonly path: string }) {
  const { t } = useText()
  const [shared, setShared] = useState<Shared>('not_yet')
  const url = new URL(path, location.origin).href
  const share = async () => {
    try {
      if (typeof navigator.share === 'function') return await navigator.share({ title: t('done.receipt'), url })
      await navigator.clipboard.writeText(url)
      setShared('copied')
    } catch (fault) {
      // Closed by the person: nothing was wanted. Anything else: the link is shown, to be copied by hand.
      if (!(fault instanceof DOMException && fault.name === 'AbortError')) setShared('by_hand')
    }
  }
  return (
    <section className="card receipt" aria-labelledby="receipt-title">
      <div className="stack">
        <h2 id="receipt-title">{t('done.receipt')}</h2>
        <p className="small soft">{t('done.receipt_note')}</p>
        <div className="row wrap">
          <a className="button" href={path}>
            {t('done.open_receipt')}
          </a>
          <button type="button" className="button" onClick={() => void share()}>
            {t('done.share')}
          </button>
        </div>
        <p className="small" role="status">
          {shared === 'copied' ? t('done.copied') : ''}
        </p>
        {shared === 'by_hand' && (
          <input
            className="select"
            readOnly
            value={url}
            aria-label={t('done.receipt')}
            onFocus={(e) => e.target.select()}
          />
        )}
      </div>
      <QrPicture content={url} label={t('done.receipt_qr')} />
    </section>
  )
}
