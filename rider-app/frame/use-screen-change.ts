import { useEffect, useRef } from 'react'

const main = () => document.getElementById('main')

/** A ride names its page itself, with its state. */
function nameAfterHeading(): void {
  if (location.pathname.startsWith('/trip/')) return
  const heading = main()?.querySelector('h1')?.textContent
  const title = heading ? `${heading} · Zwerm` : 'Zwerm'
  if (document.title !== title) document.title = title
}

/**
 * What a browser does by itself between documents: the page is named after the screen's heading, in its language, and
 * the next Tab and screen reader start at the new screen's top.
 */
export function useScreenChange(address: string): void {
  const before = useRef(address)
  useEffect(() => {
    const observer = new MutationObserver(nameAfterHeading)
    const content = main()
    if (content !== null) observer.observe(content, { childList: true, characterData: true, subtree: true })
    return () => observer.disconnect()
  }, [])
  useEffect(() => {
    nameAfterHeading()
    if (before.current === address) return
    before.current = address
    const content = main()
    // a dialog or a field that a screen opens with keeps the focus it took
    if (content?.contains(document.activeElement) === false) content.focus({ preventScroll: true })
    content?.scrollTo(0, 0)
  }, [address])
}
