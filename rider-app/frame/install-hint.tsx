import { useSyncExternalStore } from 'react'
import { useText } from '../../ui-kit/i18n/text.ts'
import { installOffer, onInstallOffer } from './install-offer.ts'

const refusedSlot = 'zwerm-no-install'

/** A quiet line at the end of the list, where the browser can put the app on the home screen. Refused once: never again. */
export function InstallHint() {
  const { t } = useText()
  const offer = useSyncExternalStore(onInstallOffer, installOffer)
  if (offer === null || localStorage.getItem(refusedSlot) !== null) return null
  const refuse = () => {
    localStorage.setItem(refusedSlot, '')
    offer.drop()
  }
  return (
    <div className="install">
      <p className="small soft">{t(offer.kind === 'by_hand' ? 'frame.install_by_hand' : 'frame.install')}</p>
      <div className="row">
        {offer.kind === 'button' && (
          <button type="button" className="button" onClick={offer.install}>
            {t('frame.install_do')}
          </button>
        )}
        <button type="button" className="button quiet" onClick={refuse}>
          {t('frame.install_no')}
        </button>
      </div>
    </div>
  )
}
