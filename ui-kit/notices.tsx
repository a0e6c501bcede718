import { type ReactNode, useEffect, useState } from 'react'
import type { Refused } from './api/api-client.ts'
import { addTexts, useText } from './i18n/text.ts'

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
  const { t, ofCode, has } = useText()
  const key = `refusal.${refused.code}`
  const missing = !has(key)
  const [looked, setLooked] = useState(false)
  // the rider's first page has the sentences of a bad connection only
  useEffect(() => {
    const told = () => setLooked(true)
    if (missing) void addTexts('refused').then(told, told)
  }, [missing])
  return (
    <div className="notice bad" role="alert">
      <p>{missing && !looked ? t('app.loading') : ofCode(key, 'refusal.server_fault')}</p>
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
