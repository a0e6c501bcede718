import { Suspense, useEffect, useState } from 'react'
import { useLocation } from 'wouter'
import { useText } from '../../ui-kit/i18n/text.ts'
import { lateScreen } from '../late-screen.ts'
import { NumberEntry } from '../scan/number-entry.tsx'

// The bike's page comes next, so its texts come along.
const ScanSheet = lateScreen(async () => (await import('../scan/scan-sheet.tsx')).ScanSheet, 'taking')

/** The two ways to name a bike: scan it, or type its number. */
export function NumberField() {
  const { t } = useText()
  const [, navigate] = useLocation()
  // the app's icon on a home screen has a way straight to the camera
  const [isSent] = useState(() => new URLSearchParams(location.search).has('scan'))
  const [scanning, setScanning] = useState(isSent)
  // once: who comes back from the bike's page does not want the camera again
  useEffect(() => {
    if (isSent) navigate(location.pathname, { replace: true })
  }, [isSent, navigate])
  const open = (code: string) => {
    setScanning(false)
    navigate(`/b/${code}`)
  }
  return (
    <div className="stack">
      <button type="button" className="button main wide" onClick={() => setScanning(true)}>
        <ScanIcon /> {t('scan.button')}
      </button>
      <NumberEntry label={t('number.label')} onCode={open} />
      {scanning && (
        <Suspense>
          <ScanSheet onClose={() => setScanning(false)} onCode={open} />
        </Suspense>
      )}
    </div>
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
