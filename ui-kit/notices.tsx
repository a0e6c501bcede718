import type { ReactNode } from 'react'
import type { Refused } from './api/api-client.ts'
import { useText } from './i18n/text.ts'

export function Waiting({ text }: { readonly text: string }) {
  return (
    <p className="row waiting" role="status">
      <span className="spinner" aria-hidden="true" /> {text}
    </p>
  )
}

/** An expected no or a broken way, in the person's language, with what can be done. */
export function RefusalNotice({
  refused,
  onAgain,
  children,
}: {
  readonly refused: Pick<Refused, 'code' | 'requestId'>
  readonly onAgain?: (() => void) | undefined
  readonly children?: ReactNode
}) {
  const { t, ofCode } = useText()
  return (
    <div className="notice bad" role="alert">
      <p>{ofCode(`refusal.${refused.code}`, 'refusal.server_fault')}</p>
      {refused.code === 'server_fault' && refused.requestId !== undefined && (
        <p className="small soft">{t('app.request', { id: refused.requestId })}</p>
      )}
      {children}
      {onAgain !== undefined && (
        <button type="button" className="button" onClick={onAgain}>
          {t('app.again')}
        </button>
      )}
    </div>
  )
}
