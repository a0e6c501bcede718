import { useEffect, useId, useRef, useState } from 'react'
import { useText } from '../../ui-kit/i18n/text.ts'

export interface FreshLink {
  readonly name: string
  readonly url: string
}

/** The link itself: it is not kept anywhere, so it is shown until it is put away. */
export function LinkOnce({ link, onClose }: { readonly link: FreshLink; readonly onClose: () => void }) {
  const { t } = useText()
  const id = useId()
  const heading = useRef<HTMLHeadingElement>(null)
  const field = useRef<HTMLInputElement>(null)
  const [told, setTold] = useState<'staff.copied' | 'staff.copy_by_hand' | null>(null)
  useEffect(() => heading.current?.focus(), [])
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(link.url)
      setTold('staff.copied')
    } catch {
      // not allowed, or no secure address: then it is marked, to be copied by hand
      field.current?.select()
      setTold('staff.copy_by_hand')
    }
  }
  return (
    <section className="notice good" aria-labelledby={`${id}-title`}>
      <h2 ref={heading} id={`${id}-title`} tabIndex={-1}>
        {t('staff.link_for', { name: link.name })}
      </h2>
      <p>{t('staff.link_once')}</p>
      <div className="row wrap">
        <input
          ref={field}
          className="select grow one-time"
          readOnly
          aria-label={t('staff.link')}
          value={link.url}
          onFocus={(event) => event.target.select()}
        />
        <button type="button" className="button main" onClick={() => void copy()}>
          {t('staff.copy')}
        </button>
        <button type="button" className="button" onClick={onClose}>
          {t('staff.put_away')}
        </button>
      </div>
      <p role="status" className="small">
        {told !== null && t(told)}
      </p>
    </section>
  )
}
