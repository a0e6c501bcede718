import { useState } from 'react'
import { useText } from '../../ui-kit/i18n/text.ts'

/** Puts the report on the clipboard as a mail programme takes it: with its tables, and as plain text. */
export function CopyForMail({ address }: { readonly address: string }) {
  const { t } = useText()
  const [told, setTold] = useState<'report.copied' | 'report.not_copied' | null>(null)
  const copy = async () => {
    try {
      const response = await fetch(address, { credentials: 'same-origin' })
      if (!response.ok) throw new Error(`the report answered ${response.status}`)
      const html = await response.text()
      const page = new DOMParser().parseFromString(html, 'text/html')
      await navigator.clipboard.write([
        new ClipboardItem({
          'text/html': new Blob([html], { type: 'text/html' }),
          'text/plain': new Blob([plainText(page)], { type: 'text/plain' }),
        }),
      ])
      setTold('report.copied')
    } catch {
      // no clipboard here, or no answer: the page itself can be opened and copied by hand
      setTold('report.not_copied')
    }
  }
  return (
    <>
      <button type="button" className="button" onClick={() => void copy()}>
        {t('report.copy')}
      </button>
      <span role="status" className="small">
        {told !== null && t(told)}
      </span>
    </>
  )
}

/** A line a block, cells of a table apart. */
function plainText(page: Document): string {
  const lines = [...page.body.querySelectorAll('h1, h2, h3, p, tr, li')].map((element) => {
    const cells = [...element.querySelectorAll('td, th')]
    const texts = cells.length > 0 ? cells.map((cell) => cell.textContent) : [element.textContent]
    return texts.map((text) => (text ?? '').replace(/\s+/g, ' ').trim()).join('\t')
  })
  return lines.join('\n')
}
