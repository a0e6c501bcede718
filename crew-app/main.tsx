import '../ui-kit/style/fonts.css'
import '../ui-kit/style/tokens.css'
import '../ui-kit/style/kit.css'
import './crew.css'
import './stop/stop.css'
import { createRoot } from 'react-dom/client'
import { crewTexts } from '../ui-kit/i18n/crew-texts.ts'
import { startTexts } from '../ui-kit/i18n/text.ts'
import { keepApp } from '../ui-kit/offline/keep-app.ts'
import { startTheme } from '../ui-kit/theme.ts'
import { CannotKeep, CrewApp } from './crew-app.tsx'
import { type Night, openNight } from './night/crew-night.ts'

startTheme('dark')
keepApp('/crew/')
void start()

async function start(): Promise<void> {
  const opened: Promise<Night | null> = openNight().catch((fault: unknown) => {
    // some private windows have no database: without one nothing would survive a dead battery
    if (fault instanceof DOMException) return null
    throw fault
  })
  await startTexts(crewTexts)
  const night = await opened
  const root = document.getElementById('root')
  if (root !== null) createRoot(root).render(night === null ? <CannotKeep /> : <CrewApp night={night} />)
}
