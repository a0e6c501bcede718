import { useText } from '../../ui-kit/i18n/text.ts'

/** A figure's definition, for who asks. */
export function WhatIsThis({ text, of }: { readonly text: string; readonly of: string }) {
  const { t } = useText()
  return (
    <details className="what-is-this">
      <summary className="small">
        {t('numbers.what')}
        <span className="visually-hidden">: {of}</span>
      </summary>
      <p className="small">{text}</p>
    </details>
  )
}
