import { useModal } from '../frame/use-modal.ts'
import '../frame/confirm-dialog.css'
import { useText } from '../../ui-kit/i18n/text.ts'
import { deskKeys } from './use-desk-keys.ts'

/** What the keyboard does on this page, and a switch for the single letters. */
export function KeyHelp({
  isOn,
  onTurn,
  onClose,
}: {
  readonly isOn: boolean
  readonly onTurn: (isOn: boolean) => void
  readonly onClose: () => void
}) {
  const { t } = useText()
  const box = useModal()
  const inList = ['↑ ↓', 'Page ↑ ↓', 'Home End', '0 – 9', 'Enter'] as const
  return (
    <dialog ref={box} className="confirm keys" aria-labelledby="keys-title" onClose={onClose}>
      <div className="stack">
        <h2 id="keys-title">{t('ops.keys')}</h2>
        <dl className="key-list">
          {deskKeys.map(({ key, text }) => (
            <div key={key}>
              <dt>
                <kbd>{key}</kbd>
              </dt>
              <dd>{t(text)}</dd>
            </div>
          ))}
        </dl>
        <h3>{t('ops.list')}</h3>
        <dl className="key-list">
          {inList.map((key, at) => (
            <div key={key}>
              <dt>
                <kbd>{key}</kbd>
              </dt>
              <dd>{t(`ops.keys.list_${(at + 1) as 1 | 2 | 3 | 4 | 5}`)}</dd>
            </div>
          ))}
        </dl>
        <label className="row">
          <input type="checkbox" checked={isOn} onChange={(event) => onTurn(event.target.checked)} />
          {t('ops.keys.on')}
        </label>
        <div className="row end">
          <button type="button" className="button main" onClick={onClose}>
            {t('ops.close')}
          </button>
        </div>
      </div>
    </dialog>
  )
}
