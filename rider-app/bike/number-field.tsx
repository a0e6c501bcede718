import { type FormEvent, lazy, Suspense, useId, useState } from 'react'
import { useLocation } from 'wouter'
import { readBikeCode } from '../../ui-kit/bike-code.ts'
import { useText } from '../../ui-kit/i18n/text.ts'

const ScanSheet = lazy(async () => ({ default: (await import('../scan/scan-sheet.tsx')).ScanSheet }))

/** Number or code of a bike, typed or scanned. A mistyped number is told before anything is sent. */
export function NumberField() {
  const { t } = useText()
  const [, navigate] = useLocation()
  const [text, setText] = useState('')
  const [wrong, setWrong] = useState<'mistyped_number' | 'not_ours' | null>(null)
  const [scanning, setScanning] = useState(false)
  const id = useId()
  const go = (event: FormEvent) => {
    event.preventDefault()
    const read = readBikeCode(text, 'typed')
    if (read.kind === 'code') navigate(`/b/${read.code}`)
    else setWrong(read.kind)
  }
  return (
    <form className="stack" onSubmit={go} noValidate>
      <button type="button" className="button main wide" onClick={() => setScanning(true)}>
        <ScanIcon /> {t('scan.button')}
      </button>
      <div className="field">
        <label htmlFor={id}>{t('number.label')}</label>
        <div className="row">
          <input
            id={id}
            value={text}
            onChange={(event) => {
              setText(event.target.value)
              setWrong(null)
            }}
            autoComplete="off"
            autoCapitalize="characters"
            spellCheck={false}
            enterKeyHint="go"
            aria-invalid={wrong !== null}
            aria-describedby={`${id}-help`}
            placeholder="12 345"
          />
          <button type="submit" className="button" disabled={text.trim() === ''}>
            {t('number.go')}
          </button>
        </div>
        <p id={`${id}-help`} className={wrong === null ? 'hint' : 'wrong'} role={wrong === null ? undefined : 'alert'}>
          {wrong === null ? t('number.hint') : t(`number.${wrong}`)}
        </p>
      </div>
      {scanning && (
        <Suspense>
          <ScanSheet
            onClose={() => setScanning(false)}
            onCode={(code) => {
              setScanning(false)
              navigate(`/b/${code}`)
            }}
          />
        </Suspense>
      )}
    </form>
  )
}

function ScanIcon() {
  return (
    <svg
      width="22"
      height="22"
      viewBox="0 0 22 22"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      aria-hidden="true"
    >
      <path d="M2 7V3a1 1 0 0 1 1-1h4M15 2h4a1 1 0 0 1 1 1v4M20 15v4a1 1 0 0 1-1 1h-4M7 20H3a1 1 0 0 1-1-1v-4" />
      <path d="M7 7h3v3H7zM12 12h3v3h-3zM12 7h3M7 12v3" />
    </svg>
  )
}
