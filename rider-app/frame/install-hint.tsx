import { useText } from '../../ui-kit/i18n/text.ts'
import type { InstallOffer } from './install-offer.ts'

/** A quiet line at the end of the list, where the browser can put the app on the home screen. */
export function InstallHint({ offer }: { readonly offer: InstallOffer }) {
  const { t } = useText()
  return (
    <div className="install">
      <p className="small soft">{t(offer.kind === 'by_hand' ? 'frame.install_by_hand' : 'frame.install')}</p>
      <div className="row">
        {offer.kind === 'button' && (
          <button type="button" className="button" onClick={offer.install}>
            {t('frame.install_do')}
          </button>
        )}
        <button type="button" className="button quiet" onClick={offer.refuse}>
          {t('frame.install_no')}
        </button>
      </div>
    </div>
  )
}
