/**
 * react-dom without two halves that no page of ours uses: taking over a page that a server drew, and view transitions.
 * They are 3.2 kB, packed, of the rider's first 80. Two variables are never true without them; said out loud, the
 * minifier drops all that hangs on them.
 */
export const slimReact = {
  name: 'slim-react',
  transform(code: string, id: string): string | undefined {
    return /react-dom-client\.production\.js$/.test(id) ? slimmed(code) : undefined
  },
}

/** @throws when react-dom is written otherwise than is expected here: look at it anew with each new version */
export function slimmed(code: string): string {
  const steps: readonly (readonly [pattern: RegExp, by: string | ((found: string) => string)])[] = [
    [/\nexports\.hydrateRoot = [\s\S]*?\n};/, ''],
    // a parameter of the same name
    [/\nfunction initInput\([\s\S]*?\n}/, (found) => found.replace(/\bisHydrating\b/g, 'keepsValue')],
    [/\n {2}isHydrating = !1,(?=\n)/, ''],
    [/\bisHydrating = !([01])\b/g, '!$1'],
    [/\bisHydrating\b(?!\$)/g, '!1'],
    [/\nvar shouldStartViewTransition = !1,\n {2}/, '\nvar '],
    [/\bshouldStartViewTransition = !([01])\b/g, '!$1'],
    [/\bshouldStartViewTransition\b/g, '!1'],
  ]
  return steps.reduce((text, [pattern, by]) => {
    if (text.search(pattern) < 0) throw new Error(`react-dom has no ${pattern}: is it a new version?`)
    return typeof by === 'string' ? text.replace(pattern, by) : text.replace(pattern, by)
  }, code)
}
