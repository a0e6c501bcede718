import { createHash } from 'node:crypto'
import type { Authorisation } from './core/authorisation-machine.ts'
import { yuan } from './core/money.ts'
import type { Order } from './core/records.ts'
import type { PayerTexts } from './payer-texts.ts'

const style = `
:root { color-scheme: light dark; --ground: #eef1f4; --card: #fff; --ink: #14202b; --soft: #50606e; --line: #d6dde3;
  --accent: #0b5cad; --on-accent: #fff; --warn: #7a4a00; --warn-ground: #fff3d9 }
@media (prefers-color-scheme: dark) { :root { --ground: #0f1519; --card: #1a2229; --ink: #edf2f6; --soft: #a9b7c2;
  --line: #35424d; --accent: #79b8ff; --on-accent: #06213d; --warn: #ffd58a; --warn-ground: #33290f } }
* { box-sizing: border-box }
body { margin: 0; min-height: 100vh; min-height: 100dvh; background: var(--ground); color: var(--ink);
  font: 1.0625rem/1.5 system-ui, sans-serif; display: grid; place-items: start center; padding: 1rem }
main { width: 100%; max-width: 26rem; background: var(--card); border: 1px solid var(--line); border-radius: 1rem;
  padding: 1.25rem; overflow-wrap: anywhere }
@media (min-width: 40rem) { body { place-items: center } main { padding: 2rem } }
.badge { margin: 0 0 1rem; padding: .5rem .75rem; border-radius: .5rem; background: var(--warn-ground);
  color: var(--warn); font-size: .9375rem }
h1 { margin: 0 0 1rem; font-size: 1.375rem; line-height: 1.25 }
dl { margin: 0 0 1rem }
dt { color: var(--soft); font-size: .9375rem }
dd { margin: 0 0 .75rem }
dd.amount { font-size: 2.25rem; font-weight: 700; line-height: 1.2; font-variant-numeric: tabular-nums }
.note { margin: 0 0 1.25rem; color: var(--soft); font-size: .9375rem }
form { display: grid; gap: .75rem; margin: 0 }
button, a.button { display: block; width: 100%; min-height: 3.25rem; padding: .75rem 1rem; border-radius: .75rem;
  border: 1px solid var(--soft); background: transparent; color: var(--ink); font: inherit; font-weight: 600;
  text-align: center; text-decoration: none; cursor: pointer }
button.main, a.button { background: var(--accent); border-color: var(--accent); color: var(--on-accent) }
button.quiet { border-color: transparent; color: var(--soft); min-height: 2.75rem }
.later { margin: .5rem 0 0; text-align: center }
.later a { display: inline-block; padding: .625rem 1rem; color: var(--soft) }
button:focus-visible, a:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
[role=status] { margin: 0 0 1.25rem; font-size: 1.25rem; font-weight: 600 }
`

const styleHash = createHash('sha256').update(style).digest('base64')

/** The name that the payer sees; the demo has one merchant. */
const merchantName = 'Zwerm'

/** The page's policy: no script at all, its own style only, and forms that may lead back to the merchant's origin. */
export function payerPolicy(returnUrl: string): string {
  const merchant = returnUrl === '' ? '' : ` ${new URL(returnUrl).origin}`
  return [
    "default-src 'none'",
    `style-src 'sha256-${styleHash}'`,
    `form-action 'self'${merchant}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}

/** The page for one order: the question while it is open, and what became of it afterwards. Works without JavaScript. */
export function payerPage(texts: PayerTexts, order: Order): string {
  const { authorisation } = order
  const fen = order.operations[0]?.fen ?? 0
  const isHeld = authorisation.kind === 'INIT' || authorisation.kind === 'AUTHORIZED'
  const facts = `<dl>
<dt>${isHeld ? texts.hold : texts.amount}</dt><dd class="amount">¥ ${yuan(fen)}</dd>
<dt>${texts.merchant}</dt><dd>${merchantName}</dd>
<dt>${texts.purpose}</dt><dd>${escapeHtml(order.title)}</dd>
</dl>`
  if (authorisation.kind === 'INIT') {
    return frame(
      texts,
      `<h1>${texts.ask}</h1>
${facts}
<p class="note">${texts.holdNote}</p>
<form method="post">
<button class="main" name="action" value="approve">${texts.approve}</button>
<button name="action" value="decline">${texts.decline}</button>
<button class="quiet" name="action" value="expire">${texts.expire}</button>
</form>${order.returnUrl === '' ? '' : `\n<p class="later"><a href="${escapeHtml(new URL(order.returnUrl).href)}">${texts.later}</a></p>`}`,
    )
  }
  const back = order.returnUrl === '' ? '' : `<a class="button" href="${escapeHtml(order.returnUrl)}">${texts.back}</a>`
  return frame(
    texts,
    `<h1>${texts.title}</h1>
<p role="status">${resultText(texts, authorisation)}</p>
${facts}
${back}`,
  )
}

/** The page for a token that no order has. */
export function unknownPayerPage(texts: PayerTexts): string {
  return frame(texts, `<h1>${texts.title}</h1>\n<p role="status">${texts.unknown}</p>`)
}

function frame(texts: PayerTexts, body: string): string {
  return `<!doctype html>
<html lang="${texts.lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${texts.title}</title>
<style>${style}</style>
</head>
<body>
<main>
<p class="badge">${texts.sandbox}</p>
${body}
</main>
</body>
</html>
`
}

function resultText(texts: PayerTexts, authorisation: Exclude<Authorisation, { kind: 'INIT' }>): string {
  switch (authorisation.kind) {
    case 'AUTHORIZED':
      return texts.approved
    case 'FINISH':
      return texts.settled
    case 'CLOSED':
      switch (authorisation.reason) {
        case 'declined':
          return texts.declined
        case 'expired':
          return texts.expired
        case 'cancelled':
          return texts.cancelled
        case 'unfrozen':
          return texts.settled
      }
  }
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
}
