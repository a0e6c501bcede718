import { useEffect, useId, useRef } from 'react'
import type { LockSecrets } from '../../contracts/http/locks.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { saveFile } from '../frame/save-file.ts'

/** New secrets: the desk is never told them again, so they stay until they are put away. They are not drawn. */
export function SecretsOnce({ secrets, onClose }: { readonly secrets: LockSecrets; readonly onClose: () => void }) {
  const { t } = useText()
  const id = useId()
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])
  const save = () =>
    saveFile(`${secrets.lockId}.secrets.json`, 'application/json', `${JSON.stringify(secrets, null, 2)}\n`)
  return (
    <section className="notice good" aria-labelledby={`${id}-title`}>
      <h2 ref={heading} id={`${id}-title`} tabIndex={-1}>
        {t('locks.fresh', { lock: secrets.lockId })}
      </h2>
      <p>{t('locks.fresh_once')}</p>
      <div className="row wrap">
        <button type="button" className="button main" onClick={save}>
          {t('locks.fresh_save')}
        </button>
        <button type="button" className="button" onClick={onClose}>
          {t('locks.fresh_close')}
        </button>
      </div>
    </section>
  )
}
