import '../ui-kit/style/fonts.css'
import '../ui-kit/style/tokens.css'
import '../ui-kit/style/kit.css'
import './rider.css'
import { createRoot } from 'react-dom/client'
import { riderTexts } from '../ui-kit/i18n/rider-texts.ts'
import { startTexts } from '../ui-kit/i18n/text.ts'
import { keepApp } from '../ui-kit/offline/keep-app.ts'
import { startTheme } from '../ui-kit/theme.ts'
import { awaitInstallOffer } from './frame/install-offer.ts'
import { RiderApp } from './rider-app.tsx'

startTheme()
awaitInstallOffer()
// what the worker stores must not be in the way of what the first screen loads
addEventListener('load', () => keepApp('/'))
void startTexts(riderTexts).then(() => {
  const root = document.getElementById('root')
  if (root !== null) createRoot(root).render(<RiderApp />)
})
