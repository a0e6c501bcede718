import '../ui-kit/style/fonts.css'
import '../ui-kit/style/tokens.css'
import '../ui-kit/style/kit.css'
import './rider.css'
import { createRoot } from 'react-dom/client'
import { riderTexts } from '../ui-kit/i18n/rider-texts.ts'
import { startTexts } from '../ui-kit/i18n/text.ts'
import { startTheme } from '../ui-kit/theme.ts'
import { RiderApp } from './rider-app.tsx'

startTheme()
await startTexts(riderTexts)
const root = document.getElementById('root')
if (root !== null) createRoot(root).render(<RiderApp />)
