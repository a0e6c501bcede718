import '../ui-kit/style/fonts.css'
import '../ui-kit/style/tokens.css'
import '../ui-kit/style/kit.css'
import './ops.css'
import './frame/frame.css'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { createRoot } from 'react-dom/client'
import { opsTexts } from '../ui-kit/i18n/ops-texts.ts'
import { startTexts } from '../ui-kit/i18n/text.ts'
import { startTheme } from '../ui-kit/theme.ts'
import { OpsApp } from './ops-app.tsx'

startTheme()
await startTexts(opsTexts)
const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } })
const root = document.getElementById('root')
if (root !== null) {
  createRoot(root).render(
    <QueryClientProvider client={queries}>
      <OpsApp />
    </QueryClientProvider>,
  )
}
