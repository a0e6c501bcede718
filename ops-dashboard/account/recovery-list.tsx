import { useEffect, useRef, useState } from 'react'
import { useText } from '../../ui-kit/i18n/text.ts'
import { saveFile } from '../frame/save-file.ts'

/** Codes for a day without the phone: they are kept nowhere, so they are shown until they are put away. */
export function RecoveryList({ codes, onClose }: { readonly codes: readonly string[]; readonly onClose: () => void }) {
  const { t } = useText()
  const heading = useRef<HTMLHeadingElement>(null)
  const [isCopied, setCopied] = useState(false)
  useEffect(() => heading.current?.focus(), [])
  const copy = () =>
    navigator.clipboard.writeText(codes.join('\n')).then(
      () => setCopied(true),
      // not allowed, or no secure address: the codes can be marked by hand
      () => setCopied(false),
    )
  return (
    <section className="notice good" aria-labelledby="recovery-title">
      <h3 ref={heading} id="recovery-title" tabIndex={-1}>
        {t('staff.recovery_codes')}
      </h3>
      <p>{t('staff.recovery_how')}</p>
      <ul className="recovery">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <div className="row wrap">
        <button type="button" className="button" onClick={() => void copy()}>
          {t('staff.copy')}
        </button>
        <button
          type="button"
          className="button"
          onClick={() => saveFile('zwerm-recovery-codes.txt', 'text/plain', `${codes.join('\n')}\n`)}
        >
          {t('staff.save_file')}
        </button>
        <button type="button" className="button main" onClick={onClose}>
          {t('staff.codes_kept')}
        </button>
      </div>
      <p role="status" className="small">
        {isCopied && t('staff.copied')}
      </p>
    </section>
  )
}
